/* A key for each row of the table of what works, for the tests that go through all of it. */
#ifndef SUPPORT_KEYS_H
#define SUPPORT_KEYS_H

#include "check.h"
#include "support.h"

#define MATERIAL_SIZE 65

static const psa_key_usage_t usages[SUPPORT_FUNCTIONS] = {
    [SUPPORT_MAC] = PSA_KEY_USAGE_SIGN_MESSAGE,
    [SUPPORT_CIPHER] = PSA_KEY_USAGE_ENCRYPT,
    [SUPPORT_AEAD] = PSA_KEY_USAGE_ENCRYPT,
    [SUPPORT_KEY_WRAP] = PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP,
    [SUPPORT_KEY_DERIVATION] = PSA_KEY_USAGE_DERIVE,
    [SUPPORT_SIGN_HASH] = PSA_KEY_USAGE_SIGN_HASH,
    [SUPPORT_SIGN_MESSAGE] = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE,
    [SUPPORT_ASYMMETRIC_ENCRYPTION] = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
    [SUPPORT_KEY_AGREEMENT] = PSA_KEY_USAGE_DERIVE,
    [SUPPORT_KEY_ENCAPSULATION] = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
    [SUPPORT_PAKE] = PSA_KEY_USAGE_DERIVE,
};

/* Making large RSA keys takes long, so local ones of a size share their material. */
static inline psa_status_t import_rsa(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    static struct bytes materials[5];
    struct bytes *material = &materials[psa_get_key_bits(attributes) / 1024];
    if (material->length == 0) {
        psa_key_id_t source =
            generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, psa_get_key_bits(attributes), PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
        MUST_SUCCEED(psa_export_key(source, material->data, sizeof material->data, &material->length));
        MUST_SUCCEED(psa_destroy_key(source));
    }
    return psa_import_key(attributes, material->data, material->length, key);
}

static inline int is_password_token(psa_key_type_t type)
{
    return PSA_KEY_TYPE_IS_WPA3_SAE_ECC(type) || PSA_KEY_TYPE_IS_WPA3_SAE_DH(type);
}

/* The derivation that makes a key for an exchange from a password: a token of WPA3-SAE with the hash of its group. */
static inline psa_algorithm_t derivation_of(const struct support_row *row)
{
    int field = PSA_KEY_TYPE_IS_WPA3_SAE_DH(row->key_type);
    if (!is_password_token(row->key_type)) {
        return PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256);
    }
    return PSA_ALG_WPA3_SAE_H2E(row->key_bits <= (field ? 2048 : 256)   ? PSA_ALG_SHA_256
                                : row->key_bits <= (field ? 3072 : 384) ? PSA_ALG_SHA_384
                                                                        : PSA_ALG_SHA_512);
}

/* The inputs that an algorithm wants before its secret. */
static inline void input_what_comes_first(psa_key_derivation_operation_t *operation, psa_algorithm_t alg)
{
    static const uint8_t data[8] = {1};
    if (PSA_ALG_IS_HKDF(alg) || PSA_ALG_IS_HKDF_EXTRACT(alg)) {
        MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SALT, data, sizeof data));
    } else if (PSA_ALG_IS_WPA3_SAE_H2E(alg)) {
        MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SALT, data, sizeof data));
    } else if (PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg)) {
        MUST_SUCCEED(psa_key_derivation_input_integer(operation, PSA_KEY_DERIVATION_INPUT_COST, 1));
        MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SALT, data, sizeof data));
    } else if (PSA_ALG_IS_TLS12_PRF(alg) || PSA_ALG_IS_TLS12_PSK_TO_MS(alg)) {
        MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SEED, data, sizeof data));
    }
}

static inline psa_status_t derive_key(const struct support_row *row, const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    psa_algorithm_t alg = derivation_of(row);
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, alg, "736563726574");
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status;
    MUST_SUCCEED(psa_key_derivation_setup(&operation, alg));
    input_what_comes_first(&operation, alg);
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, password));
    status = psa_key_derivation_output_key(attributes, &operation, key);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(password), PSA_SUCCESS);
    return status;
}

/* A public key of each scheme without private keys: right in its form, so that a signature of zeros is only wrong. */
static inline psa_status_t import_hash_based(const psa_key_attributes_t *attributes, psa_key_id_t *key)
{
    uint8_t data[68] = {0};
    size_t length = 56;
    switch (psa_get_key_type(attributes)) {
    case PSA_KEY_TYPE_LMS_PUBLIC_KEY:
        data[3] = 5;
        data[7] = 4;
        break;
    case PSA_KEY_TYPE_HSS_PUBLIC_KEY:
        data[3] = 1;
        data[7] = 5;
        data[11] = 4;
        length = 60;
        break;
    default:
        data[3] = 1;
        length = 68;
    }
    return psa_import_key(attributes, data, length, key);
}

/* The key of a row, with the policy that its function needs, and what is added to that. */
static inline psa_status_t make_key(const struct support_row *row, psa_key_usage_t more, psa_algorithm_t alg,
                             psa_key_location_t location, psa_key_id_t *key)
{
    static const uint8_t material[MATERIAL_SIZE] = {4, 2, 3};
    psa_key_attributes_t attributes = key_attributes(row->key_type, row->key_bits, usages[row->function] | more, alg);
    if (location != 0) {
        attributes = in_the_device(attributes);
    }
    /* A DES key has parity bits. */
    if (PSA_KEY_TYPE_IS_UNSTRUCTURED(row->key_type) && row->key_type != PSA_KEY_TYPE_DES) {
        psa_status_t status;
        MUST(row->key_bits / 8 <= sizeof material);
        status = psa_import_key(&attributes, material, row->key_bits / 8, key);
        /* A token may make keys that it does not take from outside. */
        return status == PSA_ERROR_NOT_SUPPORTED && location != 0 ? psa_generate_key(&attributes, key) : status;
    }
    if (row->key_type == PSA_KEY_TYPE_RSA_KEY_PAIR && location == 0) {
        return import_rsa(&attributes, key);
    }
    if (PSA_KEY_TYPE_IS_SPAKE2P(row->key_type) || is_password_token(row->key_type)) {
        return derive_key(row, &attributes, key);
    }
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(row->key_type)) {
        return import_hash_based(&attributes, key);
    }
    return psa_generate_key(&attributes, key);
}

/* What an exchange runs in: the group of the key, or secp256r1. */
static inline psa_pake_primitive_t primitive_of(const struct support_row *row)
{
    psa_key_type_t type = row->key_type;
    if (PSA_KEY_TYPE_IS_WPA3_SAE_DH(type)) {
        return PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_DH, PSA_KEY_TYPE_WPA3_SAE_DH_GET_FAMILY(type), row->key_bits);
    }
    if (PSA_KEY_TYPE_IS_UNSTRUCTURED(type)) {
        return PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256);
    }
    return PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC,
                              PSA_KEY_TYPE_IS_SPAKE2P(type) ? PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type)
                                                            : PSA_KEY_TYPE_WPA3_SAE_ECC_GET_FAMILY(type),
                              row->key_bits);
}

static inline psa_pake_cipher_suite_t suite_of(const struct support_row *row)
{
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_pake_cs_set_algorithm(&suite, row->alg);
    psa_pake_cs_set_primitive(&suite, primitive_of(row));
    psa_pake_cs_set_key_confirmation(&suite,
                                     PSA_ALG_IS_JPAKE(row->alg) ? PSA_PAKE_UNCONFIRMED_KEY : PSA_PAKE_CONFIRMED_KEY);
    return suite;
}

/* Small parameter sets of SLH-DSA sign for a second, and large groups agree for half of one. */
static inline int takes_long(const struct support_row *row)
{
    if (PSA_KEY_TYPE_IS_SLH_DSA(row->key_type)) {
        psa_slh_dsa_family_t family = PSA_KEY_TYPE_SLH_DSA_GET_FAMILY(row->key_type);
        return row->key_bits != 128 || family == PSA_SLH_DSA_FAMILY_SHA2_S || family == PSA_SLH_DSA_FAMILY_SHAKE_S;
    }
    return PSA_KEY_TYPE_IS_DH(row->key_type) && row->key_bits > 4096;
}

/* The column of this place. */
static inline unsigned place_bit(void)
{
    static const struct {
        const char *backend;
        unsigned bit;
    } columns[] = {
        {"softhsm", SUPPORT_SOFTHSM}, {"kryoptic", SUPPORT_KRYOPTIC}, {"nss", SUPPORT_NSS},
        {"p11-kit", SUPPORT_P11_KIT}, {"tpm2-pkcs11", SUPPORT_TPM2_PKCS11}, {"tpm", SUPPORT_TPM},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(columns); i++) {
        if (strcmp(columns[i].backend, place_backend()) == 0) {
            return columns[i].bit;
        }
    }
    MUST(!"this place has a column");
    return 0;
}

#endif
