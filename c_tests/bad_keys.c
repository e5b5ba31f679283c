/* Key data that is not a key, or not one of this size, and peers that are no keys: INVALID_ARGUMENT when they are imported
 * or used (PSA 1.5, section 9.5), and the identifier is PSA_KEY_ID_NULL; tags that are wrong, and inputs that are too
 * long. Local keys in every place. */
#include "check.h"

#define PAIR(family) PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_##family)
#define PUBLIC(family) PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_##family)
#define ZEROS32 "0000000000000000000000000000000000000000000000000000000000000000"
#define ONES32 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
/* SEC 2, section 2.4.2: the base point of secp256r1, and its order. */
#define P256_X "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define P256_Y "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define P256_ORDER "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
#define P256_PRIME "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"

static void check_refused_key(psa_key_type_t type, size_t bits, const uint8_t *data, size_t length, const char *what)
{
    psa_key_attributes_t attributes = key_attributes(type, bits, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    psa_key_id_t key = 1;
    if (!CHECK_STATUS(psa_import_key(&attributes, data, length, &key), PSA_ERROR_INVALID_ARGUMENT) ||
        !CHECK(key == PSA_KEY_ID_NULL)) {
        fprintf(stderr, "    key type 0x%04x: %s\n", (unsigned)type, what);
    }
}

static const struct {
    psa_key_type_t type;
    size_t bits;
    const char *data, *what;
} encodings[] = {
    {PSA_KEY_TYPE_AES, 0, "0001020304050607", "64 bits"},
    {PSA_KEY_TYPE_AES, 256, "000102030405060708090a0b0c0d0e0f", "not the size that was set"},
    {PSA_KEY_TYPE_DES, 0, "0001020304050607", "no parity"},
    {PSA_KEY_TYPE_CHACHA20, 0, "000102030405060708090a0b0c0d0e0f", "128 bits"},
    {PSA_KEY_TYPE_ASCON, 0, "0001020304050607", "64 bits"},
    {PSA_KEY_TYPE_RAW_DATA, 0, "", "empty"},
    {PAIR(SECP_R1), 256, ZEROS32, "zero"},
    {PAIR(SECP_R1), 256, P256_ORDER, "the order"},
    {PAIR(SECP_R1), 256, ONES32, "more than the order"},
    {PAIR(SECP_R1), 0, "010203", "no such size"},
    {PAIR(SECP_R1), 384, "01" ZEROS32, "another size"},
    {PUBLIC(SECP_R1), 0, "04" P256_X P256_X, "not on the curve"},
    {PUBLIC(SECP_R1), 0, "04" P256_PRIME P256_Y, "a coordinate that is the prime"},
    {PUBLIC(SECP_R1), 0, "03" P256_X, "compressed"},
    {PUBLIC(SECP_R1), 0, "06" P256_X P256_Y, "hybrid"},
    {PUBLIC(SECP_R1), 0, "00", "infinity"},
    {PUBLIC(SECP_R1), 0, P256_X P256_Y, "without its first byte"},
    {PUBLIC(SECP_K1), 0, "04" P256_X P256_Y, "on another curve"},
    {PUBLIC(BRAINPOOL_P_R1), 0, "04" P256_X P256_Y, "on another curve"},
    {PAIR(MONTGOMERY), 0, "0102030405", "no such length"},
    {PUBLIC(MONTGOMERY), 255, "01" ZEROS32, "too long"},
    {PUBLIC(TWISTED_EDWARDS), 255, "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "not canonical"},
    {PUBLIC(TWISTED_EDWARDS), 255, "02" "00000000000000000000000000000000000000000000000000000000000000", "no point"},
    {PAIR(TWISTED_EDWARDS), 255, ZEROS32 "00", "too long"},
    {PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 768, ZEROS32, "half a seed"},
    {PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 192, "00", "no seed"},
    {PSA_KEY_TYPE_ML_DSA_PUBLIC_KEY, 192, ZEROS32, "too short"},
    {PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(PSA_SLH_DSA_FAMILY_SHA2_F), 128, ZEROS32 ZEROS32, "a root that is another's"},
    {PSA_KEY_TYPE_LMS_PUBLIC_KEY, 0, ZEROS32, "no parameter set"},
    {PSA_KEY_TYPE_XMSS_PUBLIC_KEY, 0, ZEROS32, "no parameter set"},
    {PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, ZEROS32 "04" P256_X P256_X, "no point"},
    {PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, ONES32 ONES32, "no scalars"},
    {PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, "3003020103", "one number"},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 0, "3000", "no numbers"},
};

static void encodings_of_no_key(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(encodings); i++) {
        struct bytes data = hex(encodings[i].data);
        check_refused_key(encodings[i].type, encodings[i].bits, data.data, data.length, encodings[i].what);
    }
    printf("%u encodings\n", (unsigned)COUNT_OF(encodings));
}

/* Where the modulus ends in an RSAPublicKey of 2048 bits with the exponent 65537 (RFC 8017, appendix A.1.1). */
#define MODULUS_END (sizeof exported - 5 - 1)

static void rsa_keys(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    uint8_t exported[270], pair[1300];
    size_t length = 0, pair_length = 0;
    MUST_SUCCEED(psa_export_public_key(key, exported, sizeof exported, &length));
    MUST(length == sizeof exported);
    MUST_SUCCEED(psa_export_key(key, pair, sizeof pair, &pair_length));
    check_refused_key(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, exported, length - 1, "cut short");
    check_refused_key(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 3072, exported, length, "another size");
    check_refused_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, pair, pair_length - 1, "cut short");
    check_refused_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, exported, length, "a public key");
    exported[length - 1] ^= 1;
    check_refused_key(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, exported, length, "an even exponent");
    exported[length - 1] ^= 1;
    exported[MODULUS_END] ^= 1;
    check_refused_key(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, exported, length, "an even modulus");
    /* A factor's last bit, so that the modulus is not the product. */
    pair[pair_length / 2] ^= 1;
    check_refused_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, pair, pair_length, "numbers that do not belong together");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* RFC 7748, section 6.1: of a peer of small order the secret would be all zeros. */
static void peers_that_give_no_secret(void)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
        const char *peer;
    } peers[] = {
        {PAIR(MONTGOMERY), 255, ZEROS32},
        {PAIR(MONTGOMERY), 255, "01" "00000000000000000000000000000000000000000000000000000000000000"},
        {PAIR(MONTGOMERY), 255, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
        {PAIR(MONTGOMERY), 255, "0900"},
        {PAIR(MONTGOMERY), 448, ZEROS32 "000000000000000000000000000000000000000000000000"},
        {PAIR(SECP_R1), 256, "04" P256_X P256_X},
        {PAIR(SECP_R1), 256, "03" P256_X},
        {PAIR(SECP_R1), 256, "00"},
        {PAIR(SECP_R1), 384, "04" P256_X P256_Y},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(peers); i++) {
        psa_key_id_t key = generate_key(peers[i].type, peers[i].bits, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
        struct bytes peer = hex(peers[i].peer);
        uint8_t secret[66];
        size_t length = 1;
        if (!CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.length, secret, sizeof secret, &length),
                          PSA_ERROR_INVALID_ARGUMENT) ||
            !CHECK(length == 0)) {
            fprintf(stderr, "    peer %u\n", (unsigned)i);
        }
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Nothing of a text whose tag is wrong is given out, with any AEAD. */
static void a_wrong_tag_wipes_the_output(void)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
        psa_algorithm_t alg;
    } aeads[] = {
        {PSA_KEY_TYPE_AES, 128, PSA_ALG_CCM},
        {PSA_KEY_TYPE_AES, 256, PSA_ALG_GCM},
        {PSA_KEY_TYPE_ARIA, 128, PSA_ALG_CCM},
        {PSA_KEY_TYPE_CAMELLIA, 128, PSA_ALG_GCM},
        {PSA_KEY_TYPE_CHACHA20, 256, PSA_ALG_CHACHA20_POLY1305},
        {PSA_KEY_TYPE_XCHACHA20, 256, PSA_ALG_XCHACHA20_POLY1305},
        {PSA_KEY_TYPE_ASCON, 128, PSA_ALG_ASCON_AEAD128},
    };
    static const uint8_t nonce[PSA_AEAD_NONCE_MAX_SIZE] = {7}, zeros[100] = {0};
    size_t i, j, place;
    for (i = 0; i < COUNT_OF(aeads); i++) {
        psa_key_id_t key =
            generate_key(aeads[i].type, aeads[i].bits, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, aeads[i].alg);
        size_t nonce_length = PSA_AEAD_NONCE_LENGTH(aeads[i].type, aeads[i].alg), length = 0;
        uint8_t text[100], sealed[116], opened[100];
        memset(text, 0x42, sizeof text);
        MUST_SUCCEED(psa_aead_encrypt(key, aeads[i].alg, nonce, nonce_length, NULL, 0, text, sizeof text, sealed,
                                      sizeof sealed, &length));
        for (j = 0; j < 2; j++) {
            /* A bit of the text, and one of the tag. */
            place = j == 0 ? 50 : 115;
            sealed[place] ^= 1;
            memset(opened, 0x55, sizeof opened);
            CHECK_STATUS(psa_aead_decrypt(key, aeads[i].alg, nonce, nonce_length, NULL, 0, sealed, sizeof sealed, opened,
                                          sizeof opened, &length),
                         PSA_ERROR_INVALID_SIGNATURE);
            CHECK(length == 0 && memcmp(opened, zeros, sizeof zeros) == 0);
            sealed[place] ^= 1;
        }
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* SP 800-38C, section 5.3: with a nonce of 13 bytes the text has less than 2^16; section 10.8.1: 255 blocks of HKDF. */
static void inputs_that_are_too_long(void)
{
    static uint8_t text[65536], output[65536 + 16];
    const uint8_t nonce[13] = {0};
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CCM);
    psa_aead_operation_t aead = PSA_AEAD_OPERATION_INIT;
    psa_key_derivation_operation_t derivation = PSA_KEY_DERIVATION_OPERATION_INIT;
    size_t length;
    CHECK_STATUS(psa_aead_encrypt(key, PSA_ALG_CCM, nonce, sizeof nonce, NULL, 0, text, 65535, output, sizeof output,
                                  &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_aead_encrypt(key, PSA_ALG_CCM, nonce, sizeof nonce, NULL, 0, text, 65536, output, sizeof output,
                                  &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(length == 0);
    MUST_SUCCEED(psa_aead_encrypt_setup(&aead, key, PSA_ALG_CCM));
    /* In parts, as soon as both are known. */
    CHECK_STATUS(psa_aead_set_lengths(&aead, 0, 65536), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&aead, nonce, sizeof nonce), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_aead_abort(&aead), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    key = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_GCM);
    MUST_SUCCEED(psa_aead_encrypt_setup(&aead, key, PSA_ALG_GCM));
    /* SP 800-38D, section 5.2.1.1: 2^39 - 256 bits. */
    CHECK_STATUS(psa_aead_set_lengths(&aead, 0, ((size_t)1 << 36) - 31), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_aead_abort(&aead), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    MUST_SUCCEED(psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(PSA_ALG_SHA_256)));
    CHECK_STATUS(psa_key_derivation_set_capacity(&derivation, 255 * 32 + 1), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_key_derivation_abort(&derivation), PSA_SUCCESS);
}

/* What docs/support.md says of them. */
static void curves_that_nobody_has(void)
{
    static const struct {
        psa_ecc_family_t family;
        size_t bits;
    } curves[] = {{PSA_ECC_FAMILY_SECP_R2, 160}, {PSA_ECC_FAMILY_SECT_K1, 233}, {PSA_ECC_FAMILY_SECT_R1, 233},
                  {PSA_ECC_FAMILY_SECT_R2, 163}, {PSA_ECC_FAMILY_FRP, 256}};
    size_t i;
    for (i = 0; i < COUNT_OF(curves); i++) {
        psa_key_attributes_t attributes =
            key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(curves[i].family), curves[i].bits, PSA_KEY_USAGE_SIGN_HASH, PSA_ALG_ECDSA_ANY);
        psa_key_id_t key = 1;
        CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_SUPPORTED);
        CHECK(key == PSA_KEY_ID_NULL);
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(encodings_of_no_key);
    RUN(rsa_keys);
    RUN(peers_that_give_no_secret);
    RUN(a_wrong_tag_wipes_the_output);
    RUN(inputs_that_are_too_long);
    RUN(curves_that_nobody_has);
    return check_result();
}
