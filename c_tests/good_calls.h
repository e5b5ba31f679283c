/* A good call of each function: those of keys and of symmetric algorithms. A part of every_function.c. */
#ifndef GOOD_CALLS_H
#define GOOD_CALLS_H

#define CTR PSA_ALG_CTR
#define GCM PSA_ALG_GCM
#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define ED25519CTX PSA_ALG_EDDSA_CTX
#define ED25519PH PSA_ALG_ED25519PH
#define OAEP PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256)
#define HKDF PSA_ALG_HKDF(PSA_ALG_SHA_256)
#define JPAKE PSA_ALG_JPAKE(PSA_ALG_SHA_256)
#define SPAKE2P PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_256)
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define TEXT "sixteen letters."

/* ---- what good calls are made of ---- */

static psa_key_id_t aes_ctr, aes_gcm, aes_kw, hmac, p256, ed25519_context, ed25519_hash, rsa, agreeing, agreeing_to_derive, ml_kem, derive, password,
    spake2p, exportable, verifying;
static psa_key_attributes_t raw_attributes, derive_attributes;
static psa_custom_key_parameters_t custom = PSA_CUSTOM_KEY_PARAMETERS_INIT;
static psa_pake_cipher_suite_t suite;

static struct operations {
    psa_hash_operation_t hash, other_hash;
    psa_xof_operation_t xof;
    psa_mac_operation_t mac;
    psa_cipher_operation_t cipher;
    psa_aead_operation_t aead;
    psa_sign_operation_t sign;
    psa_verify_operation_t verify;
    psa_key_derivation_operation_t derivation;
    psa_pake_operation_t pake;
} operations;

static void abort_all(void)
{
    MUST_SUCCEED(psa_hash_abort(&operations.hash));
    MUST_SUCCEED(psa_hash_abort(&operations.other_hash));
    MUST_SUCCEED(psa_xof_abort(&operations.xof));
    MUST_SUCCEED(psa_mac_abort(&operations.mac));
    MUST_SUCCEED(psa_cipher_abort(&operations.cipher));
    MUST_SUCCEED(psa_aead_abort(&operations.aead));
    MUST_SUCCEED(psa_sign_abort(&operations.sign));
    MUST_SUCCEED(psa_verify_abort(&operations.verify));
    MUST_SUCCEED(psa_key_derivation_abort(&operations.derivation));
    MUST_SUCCEED(psa_pake_abort(&operations.pake));
}

static void make_keys(void)
{
    aes_ctr = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, CTR);
    aes_gcm = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, GCM,
                         "2b7e151628aed2a6abf7158809cf4f3c");
    aes_kw = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP, PSA_ALG_KW);
    hmac = import_key(PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, HMAC,
                      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    p256 = generate_key(P256, 256, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, ECDSA);
    ed25519_context = generate_key(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255,
                                   PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, ED25519CTX);
    ed25519_hash = generate_key(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255,
                                PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, ED25519PH);
    rsa = generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 1024, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, OAEP);
    agreeing = generate_key(P256, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
    agreeing_to_derive = generate_key(P256, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, HKDF));
    ml_kem = generate_key(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 512, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_ML_KEM);
    derive = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF, "000102030405060708090a0b0c0d0e0f");
    password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, JPAKE, "736563726574");
    spake2p = import_key(PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_KEY_USAGE_DERIVE, SPAKE2P,
                         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                         "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
    exportable = import_key(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY, PSA_ALG_NONE,
                            "000102030405060708090a0b0c0d0e0f");
    raw_attributes = key_attributes(PSA_KEY_TYPE_RAW_DATA, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    derive_attributes = key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE, HKDF);
}

/* Where the next argument goes. */
static size_t place_of;

static void number(struct argument *a, uint64_t value)
{
    a[place_of++].number = value;
}

static void pointer(struct argument *a, const void *value)
{
    a[place_of++].pointer = (void *)(uintptr_t)value;
}

static void input(struct argument *a, const void *data, size_t length)
{
    pointer(a, data);
    number(a, length);
}

/* The memory itself comes from the call. */
static void output(struct argument *a, size_t size)
{
    pointer(a, NULL);
    number(a, size);
}

static void text(struct argument *a)
{
    input(a, TEXT, 16);
}

#define GOOD(name) static void good_##name(struct argument *a)

/* ---- keys ---- */

GOOD(psa_get_key_attributes) { static psa_key_attributes_t found; number(a, p256); pointer(a, &found); }
GOOD(psa_check_key_usage) { number(a, p256); number(a, ECDSA); number(a, PSA_KEY_USAGE_SIGN_HASH); }
GOOD(psa_import_key) { pointer(a, &raw_attributes); text(a); pointer(a, NULL); }

static const psa_key_attributes_t *sized(void)
{
    static psa_key_attributes_t attributes;
    attributes = derive_attributes;
    psa_set_key_bits(&attributes, 128);
    return &attributes;
}

GOOD(psa_generate_key) { pointer(a, sized()); pointer(a, NULL); }
GOOD(psa_generate_key_custom) { pointer(a, sized()); pointer(a, &custom); input(a, NULL, 0); pointer(a, NULL); }
GOOD(psa_copy_key) { number(a, exportable); pointer(a, &raw_attributes); pointer(a, NULL); }
GOOD(psa_attach_key) { pointer(a, &raw_attributes); text(a); pointer(a, NULL); }

GOOD(psa_destroy_key)
{
    number(a, import_key(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE, "00"));
}

GOOD(psa_purge_key) { number(a, exportable); }
GOOD(psa_export_key) { number(a, exportable); output(a, 16); }
GOOD(psa_export_public_key) { number(a, p256); output(a, 65); }
GOOD(psa_wrap_key) { number(a, aes_kw); number(a, PSA_ALG_KW); number(a, exportable); output(a, 24); }

GOOD(psa_unwrap_key)
{
    static uint8_t wrapped[24];
    size_t length;
    MUST_SUCCEED(psa_wrap_key(aes_kw, PSA_ALG_KW, exportable, wrapped, sizeof wrapped, &length));
    pointer(a, &raw_attributes);
    number(a, aes_kw);
    number(a, PSA_ALG_KW);
    input(a, wrapped, length);
    pointer(a, NULL);
}

GOOD(psa_generate_random) { output(a, 16); }

/* ---- hashes and extendable-output functions ---- */

static const uint8_t *digest(void)
{
    static uint8_t hash[32];
    size_t length;
    MUST_SUCCEED(psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)TEXT, 16, hash, sizeof hash, &length));
    return hash;
}

static void hashing(struct argument *a)
{
    MUST_SUCCEED(psa_hash_setup(&operations.hash, PSA_ALG_SHA_256));
    MUST_SUCCEED(psa_hash_update(&operations.hash, (const uint8_t *)TEXT, 16));
    pointer(a, &operations.hash);
}

GOOD(psa_hash_compute) { number(a, PSA_ALG_SHA_256); text(a); output(a, 32); }
GOOD(psa_hash_compare) { number(a, PSA_ALG_SHA_256); text(a); input(a, digest(), 32); }
GOOD(psa_hash_setup) { pointer(a, &operations.hash); number(a, PSA_ALG_SHA_256); }
GOOD(psa_hash_update) { hashing(a); text(a); }
GOOD(psa_hash_finish) { hashing(a); output(a, 32); }
GOOD(psa_hash_verify) { hashing(a); input(a, digest(), 32); }
GOOD(psa_hash_abort) { hashing(a); }
GOOD(psa_hash_suspend) { hashing(a); output(a, PSA_HASH_SUSPEND_OUTPUT_SIZE(PSA_ALG_SHA_256)); }
GOOD(psa_hash_clone) { hashing(a); pointer(a, &operations.other_hash); }

GOOD(psa_hash_resume)
{
    static uint8_t state[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE];
    struct argument unused[1];
    size_t length;
    hashing(unused);
    place_of = 0;
    MUST_SUCCEED(psa_hash_suspend(&operations.hash, state, sizeof state, &length));
    pointer(a, &operations.hash);
    input(a, state, length);
}

static void extending(struct argument *a, psa_algorithm_t alg)
{
    MUST_SUCCEED(psa_xof_setup(&operations.xof, alg));
    pointer(a, &operations.xof);
}

GOOD(psa_xof_setup) { pointer(a, &operations.xof); number(a, PSA_ALG_SHAKE128); }
GOOD(psa_xof_set_context) { extending(a, PSA_ALG_ASCON_CXOF128); text(a); }
GOOD(psa_xof_update) { extending(a, PSA_ALG_SHAKE128); text(a); }
GOOD(psa_xof_output) { extending(a, PSA_ALG_SHAKE128); output(a, 32); }
GOOD(psa_xof_abort) { extending(a, PSA_ALG_SHAKE128); }

/* ---- MACs ---- */

static const uint8_t *mac_of_text(void)
{
    static uint8_t mac[32];
    size_t length;
    MUST_SUCCEED(psa_mac_compute(hmac, HMAC, (const uint8_t *)TEXT, 16, mac, sizeof mac, &length));
    return mac;
}

static void authenticating(struct argument *a, int verify)
{
    MUST_SUCCEED(verify ? psa_mac_verify_setup(&operations.mac, hmac, HMAC)
                        : psa_mac_sign_setup(&operations.mac, hmac, HMAC));
    MUST_SUCCEED(psa_mac_update(&operations.mac, (const uint8_t *)TEXT, 16));
    pointer(a, &operations.mac);
}

GOOD(psa_mac_compute) { number(a, hmac); number(a, HMAC); text(a); output(a, 32); }
GOOD(psa_mac_verify) { number(a, hmac); number(a, HMAC); text(a); input(a, mac_of_text(), 32); }
GOOD(psa_mac_sign_setup) { pointer(a, &operations.mac); number(a, hmac); number(a, HMAC); }
GOOD(psa_mac_verify_setup) { pointer(a, &operations.mac); number(a, hmac); number(a, HMAC); }
GOOD(psa_mac_update) { authenticating(a, 0); text(a); }
GOOD(psa_mac_sign_finish) { authenticating(a, 0); output(a, 32); }
GOOD(psa_mac_verify_finish) { authenticating(a, 1); input(a, mac_of_text(), 32); }
GOOD(psa_mac_abort) { authenticating(a, 0); }

/* ---- ciphers and AEADs ---- */

static void ciphering(struct argument *a, int has_iv)
{
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operations.cipher, aes_ctr, CTR));
    if (has_iv) {
        MUST_SUCCEED(psa_cipher_set_iv(&operations.cipher, (const uint8_t *)TEXT, 16));
    }
    pointer(a, &operations.cipher);
}

GOOD(psa_cipher_encrypt) { number(a, aes_ctr); number(a, CTR); text(a); output(a, 32); }
GOOD(psa_cipher_decrypt) { number(a, aes_ctr); number(a, CTR); input(a, TEXT TEXT, 32); output(a, 16); }
GOOD(psa_cipher_encrypt_setup) { pointer(a, &operations.cipher); number(a, aes_ctr); number(a, CTR); }
GOOD(psa_cipher_decrypt_setup) { pointer(a, &operations.cipher); number(a, aes_ctr); number(a, CTR); }
GOOD(psa_cipher_generate_iv) { ciphering(a, 0); output(a, 16); }
GOOD(psa_cipher_set_iv) { ciphering(a, 0); text(a); }
GOOD(psa_cipher_update) { ciphering(a, 1); text(a); output(a, 16); }
GOOD(psa_cipher_finish) { ciphering(a, 1); output(a, 16); }
GOOD(psa_cipher_abort) { ciphering(a, 1); }

/* The text, encrypted with itself as nonce and additional data; its tag is the last sixteen bytes. */
static const uint8_t *encrypted(void)
{
    static uint8_t ciphertext[32];
    size_t length;
    MUST_SUCCEED(psa_aead_encrypt(aes_gcm, GCM, (const uint8_t *)TEXT, 12, (const uint8_t *)TEXT, 16, (const uint8_t *)TEXT, 16,
                                  ciphertext, sizeof ciphertext, &length));
    return ciphertext;
}

static void sealing(struct argument *a, int decrypt, int has_nonce, int has_text)
{
    uint8_t out[32];
    size_t length;
    MUST_SUCCEED(decrypt ? psa_aead_decrypt_setup(&operations.aead, aes_gcm, GCM)
                         : psa_aead_encrypt_setup(&operations.aead, aes_gcm, GCM));
    if (has_nonce) {
        MUST_SUCCEED(psa_aead_set_nonce(&operations.aead, (const uint8_t *)TEXT, 12));
    }
    if (has_text) {
        MUST_SUCCEED(psa_aead_update_ad(&operations.aead, (const uint8_t *)TEXT, 16));
        MUST_SUCCEED(psa_aead_update(&operations.aead, decrypt ? encrypted() : (const uint8_t *)TEXT, 16, out, sizeof out,
                                     &length));
    }
    pointer(a, &operations.aead);
}

GOOD(psa_aead_encrypt)
{
    number(a, aes_gcm);
    number(a, GCM);
    input(a, TEXT, 12);
    text(a);
    text(a);
    output(a, 32);
}

GOOD(psa_aead_decrypt)
{
    number(a, aes_gcm);
    number(a, GCM);
    input(a, TEXT, 12);
    text(a);
    input(a, encrypted(), 32);
    output(a, 16);
}

GOOD(psa_aead_encrypt_setup) { pointer(a, &operations.aead); number(a, aes_gcm); number(a, GCM); }
GOOD(psa_aead_decrypt_setup) { pointer(a, &operations.aead); number(a, aes_gcm); number(a, GCM); }
GOOD(psa_aead_set_lengths) { sealing(a, 0, 0, 0); number(a, 16); number(a, 16); }
GOOD(psa_aead_generate_nonce) { sealing(a, 0, 0, 0); output(a, 12); }
GOOD(psa_aead_set_nonce) { sealing(a, 0, 0, 0); input(a, TEXT, 12); }
GOOD(psa_aead_update_ad) { sealing(a, 0, 1, 0); text(a); }
GOOD(psa_aead_update) { sealing(a, 0, 1, 0); text(a); output(a, 16); }
GOOD(psa_aead_finish) { sealing(a, 0, 1, 1); output(a, 16); place_of++; output(a, 16); }
GOOD(psa_aead_verify) { sealing(a, 1, 1, 1); output(a, 16); place_of++; input(a, encrypted() + 16, 16); }
GOOD(psa_aead_abort) { sealing(a, 0, 1, 1); }

#endif
