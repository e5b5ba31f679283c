/* Every row of docs/support.md in this place: what it announces works, everything else is NOT_SUPPORTED. Local keys in
 * all places, and the keys of a device at its location. */
#include "support_keys.h"

/* Up to the input of the key. One of a type that the algorithm never takes is INVALID_ARGUMENT (section 10.8), which
 * for the table is as good as NOT_SUPPORTED. */
static psa_status_t derive(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_status_t status = psa_key_derivation_setup(&operation, alg);
    if (status == PSA_SUCCESS) {
        input_what_comes_first(&operation, alg);
        status = psa_key_derivation_input_key(&operation,
                                              PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg)
                                                  ? PSA_KEY_DERIVATION_INPUT_PASSWORD
                                                  : PSA_KEY_DERIVATION_INPUT_SECRET,
                                              key);
    }
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    return status == PSA_ERROR_INVALID_ARGUMENT ? PSA_ERROR_NOT_SUPPORTED : status;
}

static psa_status_t encrypt_and_decrypt(psa_key_id_t key, psa_algorithm_t alg)
{
    const uint8_t text[3] = {1, 2, 3};
    uint8_t sealed[512], opened[512];
    size_t length;
    psa_status_t status =
        psa_asymmetric_encrypt(key, alg, text, sizeof text, NULL, 0, sealed, sizeof sealed, &length);
    return status != PSA_SUCCESS
               ? status
               : psa_asymmetric_decrypt(key, alg, sealed, length, NULL, 0, opened, sizeof opened, &length);
}

static psa_status_t agree(psa_key_id_t key, psa_algorithm_t alg)
{
    uint8_t point[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE], secret[PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE];
    size_t length;
    psa_status_t status = psa_export_public_key(key, point, sizeof point, &length);
    return status != PSA_SUCCESS
               ? status
               : psa_raw_key_agreement(alg, key, point, length, secret, sizeof secret, &length);
}

static psa_status_t encapsulate(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    uint8_t ciphertext[PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE];
    psa_key_id_t ours = PSA_KEY_ID_NULL, theirs = PSA_KEY_ID_NULL;
    size_t length;
    psa_status_t status = psa_encapsulate(key, alg, &attributes, &ours, ciphertext, sizeof ciphertext, &length);
    if (status == PSA_SUCCESS) {
        status = psa_decapsulate(key, alg, ciphertext, length, &attributes, &theirs);
    }
    CHECK_STATUS(psa_destroy_key(ours), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(theirs), PSA_SUCCESS);
    return status;
}

static psa_status_t squeeze(psa_algorithm_t alg)
{
    psa_xof_operation_t operation = PSA_XOF_OPERATION_INIT;
    uint8_t output[8];
    psa_status_t status = psa_xof_setup(&operation, alg);
    if (status == PSA_SUCCESS && PSA_ALG_XOF_HAS_CONTEXT(alg)) {
        status = psa_xof_set_context(&operation, NULL, 0);
    }
    status = status == PSA_SUCCESS ? psa_xof_output(&operation, output, sizeof output) : status;
    CHECK_STATUS(psa_xof_abort(&operation), PSA_SUCCESS);
    return status;
}

/* Wraps a key of the same place and makes a key there of what comes out. */
static psa_status_t wrap_and_unwrap(psa_key_id_t key, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_lifetime_t lifetime;
    psa_key_id_t other = PSA_KEY_ID_NULL, unwrapped = PSA_KEY_ID_NULL;
    uint8_t wrapped[64];
    size_t length;
    psa_status_t status;
    MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
    lifetime = psa_get_key_lifetime(&attributes);
    attributes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_set_key_lifetime(&attributes, lifetime);
    status = psa_generate_key(&attributes, &other);
    status = status != PSA_SUCCESS ? status : psa_wrap_key(key, alg, other, wrapped, sizeof wrapped, &length);
    status = status == PSA_SUCCESS ? psa_unwrap_key(&attributes, key, alg, wrapped, length, &unwrapped) : status;
    CHECK_STATUS(psa_destroy_key(other), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(unwrapped), PSA_SUCCESS);
    return status;
}

/* The beginning of an exchange. A suite that does not go with the key is INVALID_ARGUMENT, which for the table is as good
 * as NOT_SUPPORTED. */
static psa_status_t set_up_exchange(const struct support_row *row, psa_key_id_t key)
{
    psa_pake_cipher_suite_t suite = suite_of(row);
    psa_pake_operation_t operation = PSA_PAKE_OPERATION_INIT;
    psa_status_t status;
    status = psa_pake_setup(&operation, key, &suite);
    CHECK_STATUS(psa_pake_abort(&operation), PSA_SUCCESS);
    return status == PSA_ERROR_INVALID_ARGUMENT ? PSA_ERROR_NOT_SUPPORTED : status;
}

static psa_status_t refuse_signature(psa_key_id_t key, psa_algorithm_t alg)
{
    const uint8_t zeros[64] = {0};
    psa_status_t status = psa_verify_message(key, alg, zeros, sizeof zeros, zeros, sizeof zeros);
    return status == PSA_ERROR_INVALID_SIGNATURE ? PSA_SUCCESS : status;
}

/* HashEdDSA is for one curve each; another is INVALID_ARGUMENT, which for the table is as good as NOT_SUPPORTED. */
static psa_status_t of_curve(psa_algorithm_t alg, psa_status_t status)
{
    return PSA_ALG_IS_HASH_EDDSA(alg) && status == PSA_ERROR_INVALID_ARGUMENT ? PSA_ERROR_NOT_SUPPORTED : status;
}

static psa_status_t use_key(const struct support_row *row, psa_key_id_t key)
{
    static const uint8_t input[64] = {1}, nonce[PSA_AEAD_NONCE_MAX_SIZE] = {0};
    static uint8_t output[PSA_SIGNATURE_MAX_SIZE];
    size_t length, hash_length = PSA_HASH_LENGTH(PSA_ALG_GET_HASH(row->alg));
    switch (row->function) {
    case SUPPORT_HASH:
        return psa_hash_compute(row->alg, input, sizeof input, output, sizeof output, &length);
    case SUPPORT_XOF:
        return squeeze(row->alg);
    case SUPPORT_KEY_WRAP:
        return wrap_and_unwrap(key, row->alg);
    case SUPPORT_MAC:
        return psa_mac_compute(key, row->alg, input, sizeof input, output, sizeof output, &length);
    case SUPPORT_CIPHER:
        return psa_cipher_encrypt(key, row->alg, input, sizeof input, output, sizeof output, &length);
    case SUPPORT_AEAD:
        return psa_aead_encrypt(key, row->alg, nonce, PSA_AEAD_NONCE_LENGTH(row->key_type, row->alg), NULL, 0, input,
                                sizeof input, output, sizeof output, &length);
    case SUPPORT_KEY_DERIVATION:
        return derive(key, row->alg);
    case SUPPORT_SIGN_HASH:
        return of_curve(row->alg, psa_sign_hash(key, row->alg, input, hash_length == 0 ? 32 : hash_length, output,
                                                sizeof output, &length));
    case SUPPORT_SIGN_MESSAGE:
        if (PSA_KEY_TYPE_IS_PUBLIC_KEY(row->key_type)) {
            return refuse_signature(key, row->alg);
        }
        return of_curve(row->alg,
                        psa_sign_message_with_context(key, row->alg, input, sizeof input, input,
                                                      row->alg == PSA_ALG_EDDSA_CTX, output, sizeof output, &length));
    case SUPPORT_ASYMMETRIC_ENCRYPTION:
        return encrypt_and_decrypt(key, row->alg);
    case SUPPORT_KEY_AGREEMENT:
        return agree(key, row->alg);
    case SUPPORT_KEY_ENCAPSULATION:
        return encapsulate(key, row->alg);
    case SUPPORT_PAKE:
        return set_up_exchange(row, key);
    default:
        return PSA_ERROR_GENERIC_ERROR;
    }
}

/* Making the key and using it, as one. */
static psa_status_t attempt(const struct support_row *row, psa_key_location_t location)
{
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_status_t status = PSA_SUCCESS;
    if (row->key_type != PSA_KEY_TYPE_NONE) {
        status = make_key(row, 0, row->alg, location, &key);
        MUST(status != PSA_SUCCESS || key != PSA_KEY_ID_NULL);
        if (status == PSA_SUCCESS) {
            CHECK_BACKEND(key, location == 0 ? "software" : place_backend());
        }
    }
    if (status == PSA_SUCCESS) {
        status = use_key(row, key);
    }
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    return status;
}

static void check_row(const struct support_row *row, psa_key_location_t location, int announced)
{
    if (!CHECK_STATUS(attempt(row, location), announced ? PSA_SUCCESS : PSA_ERROR_NOT_SUPPORTED)) {
        fprintf(stderr, "    function %d, key type 0x%04x of %u bits, algorithm 0x%08x\n", (int)row->function,
                (unsigned)row->key_type, (unsigned)row->key_bits, (unsigned)row->alg);
    }
}

/* What mbed-crypto lacks, the native engine computes. */
static void local_keys(void)
{
    unsigned engines = SUPPORT_NATIVE | (strcmp(place(), "mbed-crypto") == 0 ? SUPPORT_MBED_CRYPTO : 0);
    size_t i;
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        if (REPEAT(0, 1) || !takes_long(&support_rows[i])) {
            check_row(&support_rows[i], 0, (support_rows[i].places & engines) != 0);
        }
    }
}

/* Hashes have no key that could live in a device. Devices make large RSA keys slowly, and swtpm none over 3072 bits, nor AES with 192:
 * a device may offer less than the code can use. */
static void keys_of_the_device(void)
{
    int tpm = strcmp(place_backend(), "tpm") == 0;
    size_t i, largest_rsa_key = REPEAT(2048, tpm ? 3072 : 4096);
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        const struct support_row *row = &support_rows[i];
        if (row->function != SUPPORT_HASH && row->function != SUPPORT_XOF &&
            (row->key_type != PSA_KEY_TYPE_RSA_KEY_PAIR || row->key_bits <= largest_rsa_key) &&
            !(tpm && row->key_type == PSA_KEY_TYPE_AES && row->key_bits == 192)) {
            check_row(row, place_location(), (row->places & place_bit()) != 0);
        }
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(local_keys);
    if (in_device()) {
        RUN(keys_of_the_device);
    }
    return check_result();
}
