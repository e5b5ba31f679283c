/* Key agreement: PSA 1.5, section 10.11. */
#include "check.h"

static const struct {
    const char *source;
    psa_ecc_family_t family;
    const char *key, *peer, *secret;
} vectors[] = {
    {"RFC 7748, section 6.1", PSA_ECC_FAMILY_MONTGOMERY,
     "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
    {"RFC 5903, section 8.1", PSA_ECC_FAMILY_SECP_R1,
     "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
     "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab",
     "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
};

static void known_answers(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(vectors[i].family);
        psa_key_id_t key = import_key(type, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, vectors[i].key), shared;
        psa_key_attributes_t attributes =
            key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT,
                           PSA_ALG_HKDF(PSA_ALG_SHA_256));
        struct bytes peer = hex(vectors[i].peer), secret;
        printf("  %s\n", vectors[i].source);
        CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.length, secret.data, sizeof secret.data,
                                           &secret.length),
                     PSA_SUCCESS);
        CHECK_HEX(secret.data, secret.length, vectors[i].secret);
        CHECK(PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(type, 256) >= 32);
        CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.length, secret.data, 31, &secret.length),
                     PSA_ERROR_BUFFER_TOO_SMALL);

        CHECK_STATUS(psa_key_agreement(key, peer.data, peer.length, PSA_ALG_ECDH, &attributes, &shared), PSA_SUCCESS);
        CHECK_STATUS(psa_export_key(shared, secret.data, sizeof secret.data, &secret.length), PSA_SUCCESS);
        CHECK_HEX(secret.data, secret.length, vectors[i].secret);
        CHECK_STATUS(psa_destroy_key(shared), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Into a derivation: HKDF over the secret of RFC 5903 must be HKDF over the same secret as a key. */
static void into_a_derivation(void)
{
    psa_algorithm_t hkdf = PSA_ALG_HKDF(PSA_ALG_SHA_256), alg = PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, hkdf);
    psa_key_id_t key = import_key(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_KEY_USAGE_DERIVE, alg,
                                  vectors[1].key);
    psa_key_id_t secret = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, hkdf, vectors[1].secret);
    psa_key_derivation_operation_t agreed = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_derivation_operation_t direct = PSA_KEY_DERIVATION_OPERATION_INIT;
    struct bytes peer = hex(vectors[1].peer);
    uint8_t one[40], two[40];
    CHECK_STATUS(psa_key_derivation_setup(&agreed, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_key_agreement(&agreed, PSA_KEY_DERIVATION_INPUT_SECRET, key, peer.data,
                                                  peer.length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_bytes(&agreed, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&agreed, one, sizeof one), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_abort(&agreed), PSA_SUCCESS);

    CHECK_STATUS(psa_key_derivation_setup(&direct, hkdf), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_key(&direct, PSA_KEY_DERIVATION_INPUT_SECRET, secret), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_bytes(&direct, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&direct, two, sizeof two), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_abort(&direct), PSA_SUCCESS);
    CHECK(memcmp(one, two, sizeof one) == 0);

    /* A key for agreement into a derivation gives its secret to nobody else. */
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.length, one, sizeof one, &peer.length),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

static void both_sides_agree(void)
{
    const struct {
        psa_ecc_family_t family;
        size_t bits;
    } curves[] = {
        {PSA_ECC_FAMILY_SECP_R1, 224},        {PSA_ECC_FAMILY_SECP_R1, 384}, {PSA_ECC_FAMILY_SECP_R1, 521},
        {PSA_ECC_FAMILY_SECP_K1, 256},        {PSA_ECC_FAMILY_MONTGOMERY, 255}, {PSA_ECC_FAMILY_MONTGOMERY, 448},
        {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 256}, {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 512},
    };
    size_t i, side;
    for (i = 0; i < COUNT_OF(curves); i++) {
        psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(curves[i].family);
        struct bytes points[2], secrets[2];
        psa_key_id_t keys[2];
        for (side = 0; side < 2; side++) {
            keys[side] = generate_key(type, curves[i].bits, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
            MUST_SUCCEED(psa_export_public_key(keys[side], points[side].data, sizeof points[side].data,
                                               &points[side].length));
        }
        for (side = 0; side < 2; side++) {
            CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, keys[side], points[1 - side].data,
                                               points[1 - side].length, secrets[side].data, sizeof secrets[side].data,
                                               &secrets[side].length),
                         PSA_SUCCESS);
            CHECK(secrets[side].length == PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(type, curves[i].bits));
        }
        CHECK(memcmp(secrets[0].data, secrets[1].data, secrets[0].length) == 0);
        CHECK_STATUS(psa_destroy_key(keys[0]), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(keys[1]), PSA_SUCCESS);
    }
}

/* Not on the curve, of another curve, or cut: no secret comes out (SP 800-56A, 5.6.2.3). */
static void bad_peers_are_refused(void)
{
    psa_key_id_t key = import_key(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), PSA_KEY_USAGE_DERIVE,
                                  PSA_ALG_ECDH, vectors[1].key);
    struct bytes peer = hex(vectors[1].peer);
    uint8_t secret[32];
    size_t length;
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.length - 1, secret, sizeof secret, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    peer.data[64] ^= 1;
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, peer.data, peer.length, secret, sizeof secret, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(length == 0);
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, key, NULL, 0, secret, sizeof secret, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* Finite fields: raw, to a key, into a derivation; the sizes are exact, and peers are checked. */
static void finite_fields(void)
{
    const psa_dh_family_t families[] = {PSA_DH_FAMILY_RFC7919, PSA_DH_FAMILY_RFC3526};
    static uint8_t points[2][PSA_EXPORT_PUBLIC_KEY_MAX_SIZE], secrets[2][PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE];
    size_t i, side, bits, lengths[2];
    for (i = 0; i < COUNT_OF(families); i++) {
        for (bits = 2048; bits <= REPEAT(3072, 8192); bits += 1024) {
            psa_key_type_t type = PSA_KEY_TYPE_DH_KEY_PAIR(families[i]);
            psa_key_attributes_t attributes =
                key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT, PSA_ALG_HKDF(PSA_ALG_SHA_256));
            size_t size = PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(type, bits);
            psa_key_id_t keys[2], shared;
            if (bits == 5120 || bits == 7168) {
                continue;
            }
            CHECK(size == bits / 8);
            for (side = 0; side < 2; side++) {
                keys[side] = generate_key(type, bits, PSA_KEY_USAGE_DERIVE, PSA_ALG_FFDH);
                MUST_SUCCEED(psa_export_public_key(keys[side], points[side], PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(type, bits),
                                                   &lengths[side]));
                CHECK(lengths[side] == bits / 8);
            }
            for (side = 0; side < 2; side++) {
                CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_FFDH, keys[side], points[1 - side], bits / 8, secrets[side], size,
                                                   &lengths[side]),
                             PSA_SUCCESS);
                CHECK(lengths[side] == size);
            }
            CHECK(memcmp(secrets[0], secrets[1], size) == 0);
            CHECK_STATUS(psa_key_agreement(keys[0], points[1], bits / 8, PSA_ALG_FFDH, &attributes, &shared), PSA_SUCCESS);
            CHECK_STATUS(psa_export_key(shared, secrets[1], sizeof secrets[1], &lengths[1]), PSA_SUCCESS);
            CHECK(lengths[1] == size && memcmp(secrets[0], secrets[1], size) == 0);
            CHECK_STATUS(psa_destroy_key(shared), PSA_SUCCESS);

            CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_FFDH, keys[0], points[1], bits / 8 - 1, secrets[0], size, &lengths[0]),
                         PSA_ERROR_INVALID_ARGUMENT);
            memset(points[1], 0, bits / 8);
            CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_FFDH, keys[0], points[1], bits / 8, secrets[0], size, &lengths[0]),
                         PSA_ERROR_INVALID_ARGUMENT);
            points[1][bits / 8 - 1] = 1;
            CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_FFDH, keys[0], points[1], bits / 8, secrets[0], size, &lengths[0]),
                         PSA_ERROR_INVALID_ARGUMENT);
            CHECK_STATUS(psa_destroy_key(keys[0]), PSA_SUCCESS);
            CHECK_STATUS(psa_destroy_key(keys[1]), PSA_SUCCESS);
        }
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers);
    RUN(into_a_derivation);
    RUN(both_sides_agree);
    RUN(finite_fields);
    RUN(bad_peers_are_refused);
    return check_result();
}
