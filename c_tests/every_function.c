/* Every function of the specification is called rightly, and then with exactly one argument that is wrong. The functions
 * and their parameters are read from the specification's data (every_function.py): whoever adds one and does not say here
 * what a good call of it is, does not get past the compiler. */
#include "check.h"

enum kind { NUMBER, KEY, INPUT, OUTPUT, SIZE, LENGTH, NEW_KEY, OPERATION, STRUCTURE };

struct argument {
    uint64_t number;
    void *pointer;
};

#define ARGUMENTS 12
struct function {
    const char *name;
    void (*good)(struct argument *);
    psa_status_t (*call)(const struct argument *);
    size_t count;
    enum kind kinds[ARGUMENTS];
};

#include "every_function.h"

#define GUARD 0xa5
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

/* ---- derivation ---- */

static void deriving(struct argument *a, int has_secret)
{
    MUST_SUCCEED(psa_key_derivation_setup(&operations.derivation, HKDF));
    if (has_secret) {
        MUST_SUCCEED(psa_key_derivation_input_key(&operations.derivation, PSA_KEY_DERIVATION_INPUT_SECRET, derive));
        MUST_SUCCEED(psa_key_derivation_input_bytes(&operations.derivation, PSA_KEY_DERIVATION_INPUT_INFO,
                                                    (const uint8_t *)TEXT, 16));
    }
    pointer(a, &operations.derivation);
}

/* What the operation above puts out first. */
static const uint8_t *derived(void)
{
    static uint8_t bytes[16];
    struct argument unused[1];
    size_t kept = place_of;
    place_of = 0;
    deriving(unused, 1);
    MUST_SUCCEED(psa_key_derivation_output_bytes(&operations.derivation, bytes, sizeof bytes));
    MUST_SUCCEED(psa_key_derivation_abort(&operations.derivation));
    place_of = kept;
    return bytes;
}

GOOD(psa_key_derivation_setup) { pointer(a, &operations.derivation); number(a, HKDF); }
GOOD(psa_key_derivation_get_capacity) { deriving(a, 0); }
GOOD(psa_key_derivation_set_capacity) { deriving(a, 0); number(a, 20); }

GOOD(psa_key_derivation_input_bytes)
{
    deriving(a, 0);
    number(a, PSA_KEY_DERIVATION_INPUT_SALT);
    text(a);
}

GOOD(psa_key_derivation_input_integer)
{
    MUST_SUCCEED(psa_key_derivation_setup(&operations.derivation, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)));
    pointer(a, &operations.derivation);
    number(a, PSA_KEY_DERIVATION_INPUT_COST);
    number(a, 10);
}

GOOD(psa_key_derivation_input_key)
{
    deriving(a, 0);
    number(a, PSA_KEY_DERIVATION_INPUT_SECRET);
    number(a, derive);
}

GOOD(psa_key_derivation_output_bytes) { deriving(a, 1); output(a, 32); }
GOOD(psa_key_derivation_output_key) { pointer(a, sized()); deriving(a, 1); pointer(a, NULL); }

GOOD(psa_key_derivation_output_key_custom)
{
    pointer(a, sized());
    deriving(a, 1);
    pointer(a, &custom);
    input(a, NULL, 0);
    pointer(a, NULL);
}

GOOD(psa_key_derivation_verify_bytes)
{
    const uint8_t *expected = derived();
    deriving(a, 1);
    input(a, expected, 16);
}

GOOD(psa_key_derivation_verify_key)
{
    if (verifying == PSA_KEY_ID_NULL) {
        psa_key_attributes_t attributes =
            key_attributes(PSA_KEY_TYPE_PASSWORD_HASH, 0, PSA_KEY_USAGE_VERIFY_DERIVATION, HKDF);
        MUST_SUCCEED(psa_import_key(&attributes, derived(), 16, &verifying));
    }
    deriving(a, 1);
    number(a, verifying);
}

GOOD(psa_key_derivation_abort) { deriving(a, 1); }

/* ---- signatures ---- */

enum message { OF_MESSAGE, OF_HASH, WITH_CONTEXT, OF_HASH_WITH_CONTEXT };

/* A signature over the text or its hash, with the text as context. */
static const uint8_t *signed_as(enum message what)
{
    static uint8_t signature[64];
    const uint8_t *message = (const uint8_t *)TEXT;
    uint8_t hash[64];
    size_t length;
    MUST_SUCCEED(psa_hash_compute(PSA_ALG_SHA_512, message, 16, hash, sizeof hash, &length));
    switch (what) {
    case OF_MESSAGE: MUST_SUCCEED(psa_sign_message(p256, ECDSA, message, 16, signature, 64, &length)); break;
    case OF_HASH: MUST_SUCCEED(psa_sign_hash(p256, ECDSA, digest(), 32, signature, 64, &length)); break;
    case WITH_CONTEXT:
        MUST_SUCCEED(psa_sign_message_with_context(ed25519_context, ED25519CTX, message, 16, message, 16, signature, 64,
                                                   &length));
        break;
    default:
        MUST_SUCCEED(psa_sign_hash_with_context(ed25519_hash, ED25519PH, (const uint8_t *)TEXT TEXT TEXT TEXT, 64, message,
                                                16, signature, 64, &length));
    }
    return signature;
}

static void key_and_message(struct argument *a, enum message what)
{
    static const psa_algorithm_t algorithms[] = {ECDSA, ECDSA, ED25519CTX, ED25519PH};
    const psa_key_id_t keys[] = {p256, p256, ed25519_context, ed25519_hash};
    number(a, keys[what]);
    number(a, algorithms[what]);
    switch (what) {
    case OF_HASH: input(a, digest(), 32); break;
    case OF_HASH_WITH_CONTEXT: input(a, TEXT TEXT TEXT TEXT, 64); break;
    default: text(a);
    }
    if (what >= WITH_CONTEXT) {
        text(a);
    }
}

GOOD(psa_sign_message) { key_and_message(a, OF_MESSAGE); output(a, 64); }
GOOD(psa_sign_message_with_context) { key_and_message(a, WITH_CONTEXT); output(a, 64); }
GOOD(psa_sign_hash) { key_and_message(a, OF_HASH); output(a, 64); }
GOOD(psa_sign_hash_with_context) { key_and_message(a, OF_HASH_WITH_CONTEXT); output(a, 64); }
GOOD(psa_verify_message) { key_and_message(a, OF_MESSAGE); input(a, signed_as(OF_MESSAGE), 64); }
GOOD(psa_verify_message_with_context) { key_and_message(a, WITH_CONTEXT); input(a, signed_as(WITH_CONTEXT), 64); }
GOOD(psa_verify_hash) { key_and_message(a, OF_HASH); input(a, signed_as(OF_HASH), 64); }

GOOD(psa_verify_hash_with_context)
{
    key_and_message(a, OF_HASH_WITH_CONTEXT);
    input(a, signed_as(OF_HASH_WITH_CONTEXT), 64);
}

static void signing(struct argument *a)
{
    MUST_SUCCEED(psa_sign_setup(&operations.sign, p256, ECDSA));
    MUST_SUCCEED(psa_sign_update(&operations.sign, (const uint8_t *)TEXT, 16));
    pointer(a, &operations.sign);
}

static void verifying_parts(struct argument *a)
{
    MUST_SUCCEED(psa_verify_setup(&operations.verify, p256, ECDSA, signed_as(OF_MESSAGE), 64));
    MUST_SUCCEED(psa_verify_update(&operations.verify, (const uint8_t *)TEXT, 16));
    pointer(a, &operations.verify);
}

GOOD(psa_sign_setup) { pointer(a, &operations.sign); number(a, p256); number(a, ECDSA); }

GOOD(psa_sign_set_context)
{
    MUST_SUCCEED(psa_sign_setup(&operations.sign, ed25519_hash, ED25519PH));
    pointer(a, &operations.sign);
    text(a);
}

GOOD(psa_sign_update) { signing(a); text(a); }
GOOD(psa_sign_finish) { signing(a); output(a, 64); }
GOOD(psa_sign_abort) { signing(a); }

GOOD(psa_verify_setup)
{
    pointer(a, &operations.verify);
    number(a, p256);
    number(a, ECDSA);
    input(a, signed_as(OF_MESSAGE), 64);
}

GOOD(psa_verify_set_context)
{
    MUST_SUCCEED(psa_verify_setup(&operations.verify, ed25519_context, ED25519CTX, signed_as(WITH_CONTEXT), 64));
    pointer(a, &operations.verify);
    text(a);
}

GOOD(psa_verify_update) { verifying_parts(a); text(a); }
GOOD(psa_verify_finish) { verifying_parts(a); }
GOOD(psa_verify_abort) { verifying_parts(a); }

/* ---- asymmetric encryption, agreement, encapsulation ---- */

GOOD(psa_asymmetric_encrypt) { number(a, rsa); number(a, OAEP); text(a); text(a); output(a, 128); }

GOOD(psa_asymmetric_decrypt)
{
    static uint8_t ciphertext[128];
    size_t length;
    MUST_SUCCEED(psa_asymmetric_encrypt(rsa, OAEP, (const uint8_t *)TEXT, 16, (const uint8_t *)TEXT, 16, ciphertext,
                                        sizeof ciphertext, &length));
    number(a, rsa);
    number(a, OAEP);
    input(a, ciphertext, length);
    text(a);
    output(a, 16);
}

static void peer(struct argument *a)
{
    static uint8_t point[65];
    size_t length;
    MUST_SUCCEED(psa_export_public_key(p256, point, sizeof point, &length));
    input(a, point, length);
}

GOOD(psa_key_agreement)
{
    number(a, agreeing);
    peer(a);
    number(a, PSA_ALG_ECDH);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
}

GOOD(psa_raw_key_agreement) { number(a, PSA_ALG_ECDH); number(a, agreeing); peer(a); output(a, 32); }

GOOD(psa_key_derivation_key_agreement)
{
    MUST_SUCCEED(psa_key_derivation_setup(&operations.derivation, PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, HKDF)));
    pointer(a, &operations.derivation);
    number(a, PSA_KEY_DERIVATION_INPUT_SECRET);
    number(a, agreeing_to_derive);
    peer(a);
}

GOOD(psa_encapsulate)
{
    number(a, ml_kem);
    number(a, PSA_ALG_ML_KEM);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
    output(a, 768);
}

GOOD(psa_decapsulate)
{
    static uint8_t ciphertext[768];
    psa_key_id_t key;
    size_t length;
    MUST_SUCCEED(psa_encapsulate(ml_kem, PSA_ALG_ML_KEM, &derive_attributes, &key, ciphertext, sizeof ciphertext, &length));
    MUST_SUCCEED(psa_destroy_key(key));
    number(a, ml_kem);
    number(a, PSA_ALG_ML_KEM);
    input(a, ciphertext, length);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
}

/* ---- password-authenticated key exchange ---- */

static const psa_pake_cipher_suite_t *suite_of(psa_algorithm_t alg, uint32_t confirmation)
{
    suite = psa_pake_cipher_suite_init();
    psa_pake_cs_set_algorithm(&suite, alg);
    psa_pake_cs_set_primitive(&suite, PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256));
    psa_pake_cs_set_key_confirmation(&suite, confirmation);
    return &suite;
}

static void spake2p_set_up(struct argument *a)
{
    MUST_SUCCEED(psa_pake_setup(&operations.pake, spake2p, suite_of(SPAKE2P, PSA_PAKE_CONFIRMED_KEY)));
    pointer(a, &operations.pake);
}

static void jpake_set_up(psa_pake_operation_t *operation, const char *user, const char *other)
{
    MUST_SUCCEED(psa_pake_setup(operation, password, suite_of(JPAKE, PSA_PAKE_UNCONFIRMED_KEY)));
    MUST_SUCCEED(psa_pake_set_user(operation, (const uint8_t *)user, strlen(user)));
    MUST_SUCCEED(psa_pake_set_peer(operation, (const uint8_t *)other, strlen(other)));
}

/* One of two rounds of J-PAKE, from one side to the other. */
static void jpake_round(psa_pake_operation_t *from, psa_pake_operation_t *to, int proofs)
{
    static const psa_pake_step_t steps[] = {PSA_PAKE_STEP_KEY_SHARE, PSA_PAKE_STEP_ZK_PUBLIC, PSA_PAKE_STEP_ZK_PROOF};
    uint8_t buffer[PSA_PAKE_OUTPUT_MAX_SIZE];
    size_t length;
    int i;
    for (i = 0; i < 3 * proofs; i++) {
        MUST_SUCCEED(psa_pake_output(from, steps[i % 3], buffer, sizeof buffer, &length));
        MUST_SUCCEED(psa_pake_input(to, steps[i % 3], buffer, length));
    }
}

GOOD(psa_pake_setup)
{
    pointer(a, &operations.pake);
    number(a, password);
    pointer(a, suite_of(JPAKE, PSA_PAKE_UNCONFIRMED_KEY));
}

GOOD(psa_pake_set_role) { spake2p_set_up(a); number(a, PSA_PAKE_ROLE_CLIENT); }
GOOD(psa_pake_set_user) { spake2p_set_up(a); text(a); }
GOOD(psa_pake_set_peer) { spake2p_set_up(a); text(a); }
GOOD(psa_pake_set_context) { spake2p_set_up(a); text(a); }

GOOD(psa_pake_output)
{
    jpake_set_up(&operations.pake, "client", "server");
    pointer(a, &operations.pake);
    number(a, PSA_PAKE_STEP_KEY_SHARE);
    output(a, 65);
}

GOOD(psa_pake_input)
{
    static uint8_t share[65];
    psa_pake_operation_t other = PSA_PAKE_OPERATION_INIT;
    size_t length;
    jpake_set_up(&other, "server", "client");
    MUST_SUCCEED(psa_pake_output(&other, PSA_PAKE_STEP_KEY_SHARE, share, sizeof share, &length));
    MUST_SUCCEED(psa_pake_abort(&other));
    jpake_set_up(&operations.pake, "client", "server");
    pointer(a, &operations.pake);
    number(a, PSA_PAKE_STEP_KEY_SHARE);
    input(a, share, length);
}

GOOD(psa_pake_get_shared_key)
{
    psa_pake_operation_t other = PSA_PAKE_OPERATION_INIT;
    jpake_set_up(&operations.pake, "client", "server");
    jpake_set_up(&other, "server", "client");
    jpake_round(&operations.pake, &other, 2);
    jpake_round(&other, &operations.pake, 2);
    jpake_round(&operations.pake, &other, 1);
    jpake_round(&other, &operations.pake, 1);
    MUST_SUCCEED(psa_pake_abort(&other));
    pointer(a, &operations.pake);
    pointer(a, &derive_attributes);
    pointer(a, NULL);
}

GOOD(psa_pake_abort) { spake2p_set_up(a); }

/* ---- one call ---- */

#define BUFFER 2048

/* Arguments whose buffers have been copied to memory of exactly their size, which valgrind and sanitizers watch; guards
 * are behind outputs. */
struct call {
    const struct function *function;
    struct argument arguments[ARGUMENTS];
    void *memory[ARGUMENTS];
    size_t lengths[ARGUMENTS];
    psa_key_id_t keys[ARGUMENTS];
};

static void prepare(struct call *call, const struct function *function)
{
    size_t i;
    memset(call, 0, sizeof *call);
    call->function = function;
    abort_all();
    place_of = 0;
    function->good(call->arguments);
    for (i = 0; i < function->count; i++) {
        struct argument *argument = &call->arguments[i];
        size_t size = (size_t)argument[1].number;
        call->lengths[i] = 12345;
        call->keys[i] = 12345;
        switch (function->kinds[i]) {
        case INPUT:
            if (argument->pointer != NULL) {
                call->memory[i] = malloc(size);
                MUST(call->memory[i] != NULL);
                memcpy(call->memory[i], argument->pointer, size);
                argument->pointer = call->memory[i];
            }
            break;
        case OUTPUT:
            call->memory[i] = malloc(size);
            MUST(call->memory[i] != NULL);
            memset(call->memory[i], GUARD, size);
            argument->pointer = call->memory[i];
            break;
        case LENGTH: argument->pointer = &call->lengths[i]; break;
        case NEW_KEY: argument->pointer = &call->keys[i]; break;
        default: break;
        }
    }
}

/* Whatever is wrong with a call, its lengths and keys say so. */
static psa_status_t make(struct call *call)
{
    const struct function *function = call->function;
    psa_status_t status = function->call(call->arguments);
    size_t i;
    if (status > 0 || status < -249 || status == PSA_ERROR_CORRUPTION_DETECTED) {
        check_status(status, PSA_SUCCESS, function->name, __FILE__, __LINE__);
    }
    for (i = 0; i < function->count; i++) {
        if (function->kinds[i] == LENGTH && call->arguments[i].pointer == &call->lengths[i] && status != PSA_SUCCESS &&
            call->lengths[i] != 0 && call->lengths[i] != 12345) {
            fprintf(stderr, "%s: a length after a failure\n", function->name);
            check_failures++;
        }
        if (function->kinds[i] == NEW_KEY && call->arguments[i].pointer == &call->keys[i]) {
            if (status != PSA_SUCCESS && call->keys[i] != PSA_KEY_ID_NULL) {
                fprintf(stderr, "%s: a key after a failure\n", function->name);
                check_failures++;
            }
            if (status == PSA_SUCCESS) {
                MUST_SUCCEED(psa_destroy_key(call->keys[i]));
            }
        }
    }
    return status;
}

static void let_go(struct call *call)
{
    size_t i;
    for (i = 0; i < ARGUMENTS; i++) {
        free(call->memory[i]);
    }
}

/* Makes the call, changed so far, and lets it go. */
static void must_be(struct call *call, psa_status_t expected, const char *what, size_t argument)
{
    psa_status_t status = make(call);
    if (status != expected) {
        fprintf(stderr, "%s, argument %u %s: %d, not %d: %s\n", call->function->name, (unsigned)argument + 1, what, (int)status,
                (int)expected, parsec_last_error());
        check_failures++;
    }
    let_go(call);
}

static int is(const struct function *function, const char *part)
{
    return strstr(function->name, part) != NULL;
}

/* Software has no keys to attach. */
static psa_status_t good_status(const struct function *function)
{
    return is(function, "attach_key") ? PSA_ERROR_DOES_NOT_EXIST : PSA_SUCCESS;
}

static void good_calls(const struct function *function)
{
    struct call call;
    prepare(&call, function);
    must_be(&call, good_status(function), "and all others are right", 0);
}

static void null_pointers(const struct function *function)
{
    size_t i;
    for (i = 0; i < function->count; i++) {
        enum kind kind = function->kinds[i];
        struct call call;
        if (kind == NUMBER || kind == KEY || kind == SIZE) {
            continue;
        }
        prepare(&call, function);
        call.arguments[i].pointer = NULL;
        if ((kind == INPUT || kind == OUTPUT) && call.arguments[i + 1].number == 0) {
            call.arguments[i + 1].number = 1;
        }
        must_be(&call, PSA_ERROR_INVALID_ARGUMENT, "is null", i);
    }
}

/* A buffer without bytes may be anywhere; the answer is the same. */
static void empty_buffers(const struct function *function)
{
    size_t i;
    for (i = 0; i < function->count; i++) {
        struct call call;
        psa_status_t status;
        if (function->kinds[i] != SIZE) {
            continue;
        }
        prepare(&call, function);
        call.arguments[i].number = 0;
        status = make(&call);
        let_go(&call);
        prepare(&call, function);
        call.arguments[i].number = 0;
        call.arguments[i - 1].pointer = NULL;
        must_be(&call, status, "is empty", i);
        prepare(&call, function);
        call.arguments[i].number = 0;
        call.arguments[i - 1].pointer = (void *)(uintptr_t)1;
        must_be(&call, status, "is empty and somewhere", i);
    }
}

static void huge_lengths(const struct function *function)
{
    static const size_t huge[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX, SIZE_MAX - 15};
    size_t i, h;
    for (i = 0; i < function->count; i++) {
        for (h = 0; h < COUNT_OF(huge) && function->kinds[i] == SIZE; h++) {
            struct call call;
            prepare(&call, function);
            call.arguments[i].number = huge[h];
            must_be(&call, PSA_ERROR_INVALID_ARGUMENT, "is huge", i);
        }
    }
}

static void unknown_keys(const struct function *function)
{
    static const psa_key_id_t unknown[] = {PSA_KEY_ID_NULL, 1, PSA_KEY_ID_VENDOR_MAX, 0xffffffff};
    size_t i, k;
    for (i = 0; i < function->count; i++) {
        for (k = 0; k < COUNT_OF(unknown) && function->kinds[i] == KEY; k++) {
            struct call call;
            if (is(function, "destroy_key") && k == 0) {
                continue;
            }
            prepare(&call, function);
            call.arguments[i].number = unknown[k];
            must_be(&call, PSA_ERROR_INVALID_HANDLE, "is no key", i);
        }
    }
}

/* Filled with anything, an operation is in a bad state; abort makes it a good one. An inactive one can be set up. */
static void bad_operations(const struct function *function)
{
    static const int fills[] = {0xff, 0xa5, 0x01, 0};
    size_t i, f;
    for (i = 0; i < function->count; i++) {
        for (f = 0; f < COUNT_OF(fills) && function->kinds[i] == OPERATION; f++) {
            /* All operations have the same layout, and one abort is as good as another. */
            union {
                psa_hash_operation_t hash;
                struct operations at_least_one;
            } operation;
            struct call call;
            int sets_up = is(function, "_setup") || is(function, "_resume") || (is(function, "_clone") && i == 1);
            prepare(&call, function);
            memset(&operation, fills[f], sizeof operation);
            call.arguments[i].pointer = &operation;
            must_be(&call, is(function, "_abort") || (sets_up && fills[f] == 0) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE,
                    "is garbage", i);
            MUST_SUCCEED(psa_hash_abort(&operation.hash));
        }
    }
}

/* One byte less than needed: too small, and nothing is written behind it. */
static void short_outputs(const struct function *function)
{
    size_t i;
    for (i = 0; i + 2 < function->count; i++) {
        struct call call;
        uint8_t *last;
        size_t written;
        if (function->kinds[i] != OUTPUT || function->kinds[i + 2] != LENGTH) {
            continue;
        }
        prepare(&call, function);
        CHECK_STATUS(make(&call), PSA_SUCCESS);
        written = call.lengths[i + 2];
        let_go(&call);
        if (written == 0) {
            continue;
        }
        prepare(&call, function);
        MUST(written <= call.arguments[i + 1].number);
        call.arguments[i + 1].number = written - 1;
        last = (uint8_t *)call.memory[i] + written - 1;
        CHECK_STATUS(make(&call), PSA_ERROR_BUFFER_TOO_SMALL);
        if (!CHECK(*last == GUARD)) {
            fprintf(stderr, "%s wrote behind its output\n", function->name);
        }
        let_go(&call);
    }
}

struct result {
    psa_status_t status;
    size_t length;
    uint8_t bytes[BUFFER];
};

/* Calls with an input and an output in one piece of memory, the output from `distance` on and the input from 1 on; with
 * separate ones where it is negative. */
static void call_with_overlap(const struct function *function, size_t in, size_t out, int distance, struct result *result)
{
    static uint8_t memory[2 * BUFFER];
    struct call call;
    uint8_t *output;
    size_t size;
    prepare(&call, function);
    size = (size_t)call.arguments[out + 1].number;
    output = call.arguments[out].pointer;
    if (distance >= 0) {
        size_t length = (size_t)call.arguments[in + 1].number;
        MUST(size + 2 <= BUFFER && length + 2 <= BUFFER);
        memset(memory, GUARD, sizeof memory);
        memcpy(memory + 1, call.arguments[in].pointer, length);
        call.arguments[in].pointer = memory + 1;
        output = memory + distance;
        call.arguments[out].pointer = output;
    }
    memset(result, 0, sizeof *result);
    result->status = make(&call);
    result->length = out + 2 < function->count && function->kinds[out + 2] == LENGTH ? call.lengths[out + 2] : size;
    MUST(result->length <= sizeof result->bytes);
    memcpy(result->bytes, output, result->length);
    let_go(&call);
}

/* An output over an input gives what separate ones give (section 5.4.4): in place, and one byte before or behind. */
static void overlaps(const struct function *function)
{
    static struct result separate, again, joined;
    size_t in, out;
    int distance;
    for (out = 0; out < function->count; out++) {
        for (in = 0; in < function->count; in++) {
            if (function->kinds[out] != OUTPUT || function->kinds[in] != INPUT) {
                continue;
            }
            call_with_overlap(function, in, out, -1, &separate);
            call_with_overlap(function, in, out, -1, &again);
            CHECK_STATUS(separate.status, PSA_SUCCESS);
            for (distance = 0; distance <= 2; distance++) {
                int random = memcmp(separate.bytes, again.bytes, sizeof again.bytes) != 0;
                call_with_overlap(function, in, out, distance, &joined);
                if (joined.status != PSA_SUCCESS || joined.length != separate.length ||
                    (!random && memcmp(joined.bytes, separate.bytes, sizeof joined.bytes) != 0)) {
                    fprintf(stderr, "%s, output %u over input %u: %d: %s\n", function->name, (unsigned)out + 1,
                            (unsigned)in + 1, (int)joined.status, parsec_last_error());
                    check_failures++;
                }
            }
        }
    }
}

static void with_every(void (*test)(const struct function *))
{
    size_t i;
    for (i = 0; i < COUNT_OF(functions); i++) {
        test(&functions[i]);
    }
}

static void accessors_of_nothing(void)
{
    struct argument arguments[ARGUMENTS];
    size_t i;
    memset(arguments, 0, sizeof arguments);
    for (i = 0; i < COUNT_OF(accessors); i++) {
        accessors[i](arguments);
    }
}

/* Only abort, which finds nothing, works then. */
static void without_library(void)
{
    static struct call calls[COUNT_OF(functions)];
    size_t i;
    for (i = 0; i < COUNT_OF(functions); i++) {
        prepare(&calls[i], &functions[i]);
    }
    mbedtls_psa_crypto_free();
    for (i = 0; i < COUNT_OF(functions); i++) {
        must_be(&calls[i], is(&functions[i], "_abort") ? PSA_SUCCESS : PSA_ERROR_BAD_STATE, "without psa_crypto_init()", 0);
    }
}

#define RUN_WITH_EVERY(test)        \
    do {                            \
        printf("%s\n", #test);      \
        fflush(stdout);             \
        with_every(test);           \
    } while (0)

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    make_keys();
    RUN_WITH_EVERY(good_calls);
    RUN_WITH_EVERY(null_pointers);
    RUN_WITH_EVERY(empty_buffers);
    RUN_WITH_EVERY(huge_lengths);
    RUN_WITH_EVERY(unknown_keys);
    RUN_WITH_EVERY(bad_operations);
    RUN_WITH_EVERY(short_outputs);
    RUN_WITH_EVERY(overlaps);
    RUN(accessors_of_nothing);
    RUN(without_library);
    return check_result();
}
