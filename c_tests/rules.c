/* Rules of PSA 1.5, chapters 9 (rules_keys.c) and 10, that the tests of single functions leave out. Volatile keys, in software
 * everywhere. */
#include "rules.h"

#define PBKDF2 PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)
#define COUNTER PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256)

static uint8_t output[600];
static size_t length;

/* Sections 10.2 to 10.4: a wrong length is a wrong value, and a wildcard is no algorithm. */
static void hashes_and_macs(void)
{
    psa_algorithm_t hmac = PSA_ALG_HMAC(PSA_ALG_SHA_256), at_least = PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(hmac, 8);
    psa_key_usage_t both = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE;
    psa_key_id_t key = import_key(PSA_KEY_TYPE_HMAC, both, at_least, SECRET);
    psa_xof_operation_t xof = PSA_XOF_OPERATION_INIT;
    MUST_SUCCEED(psa_hash_compute(PSA_ALG_SHA_256, output, 3, output, sizeof output, &length));
    CHECK_STATUS(psa_hash_compare(PSA_ALG_SHA_256, NULL, 0, output, length - 1), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_hash_compare(PSA_ALG_SHA_256, NULL, 0, output, length + 1), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_mac_compute(key, at_least, NULL, 0, output, sizeof output, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(hmac, 7), NULL, 0, output, sizeof output, &length),
                 PSA_ERROR_NOT_PERMITTED);
    MUST_SUCCEED(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(hmac, 8), NULL, 0, output, 8, &length));
    CHECK(length == 8);
    CHECK_STATUS(psa_mac_verify(key, PSA_ALG_TRUNCATED_MAC(hmac, 8), NULL, 0, output, 8), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_verify(key, hmac, NULL, 0, output, 8), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_mac_verify(key, PSA_ALG_TRUNCATED_MAC(hmac, 8), NULL, 0, output, 9), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(hmac, 33), NULL, 0, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_mac_compute(key, PSA_ALG_TRUNCATED_MAC(hmac, 3), NULL, 0, output, sizeof output, &length),
                 PSA_ERROR_NOT_PERMITTED);
    destroy(key);
    MUST_SUCCEED(psa_xof_setup(&xof, PSA_ALG_SHAKE128));
    CHECK_STATUS(psa_xof_set_context(&xof, output, 1), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_xof_abort(&xof));
    MUST_SUCCEED(psa_xof_setup(&xof, PSA_ALG_ASCON_CXOF128));
    CHECK_STATUS(psa_xof_update(&xof, output, 1), PSA_ERROR_BAD_STATE);
    MUST_SUCCEED(psa_xof_abort(&xof));
    CHECK_REFUSED(psa_xof_setup(&xof, PSA_ALG_SHA_256));
}

/* Section 10.5. */
static void ciphers(void)
{
    psa_key_usage_t both = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT;
    psa_key_id_t ctr = import_key(AES, both, PSA_ALG_CTR, SECRET), cbc = import_key(AES, both, PSA_ALG_CBC_NO_PADDING, SECRET);
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    uint8_t one[17], other[17];
    /* A short counter block is filled with zeros; one that is empty or too long is not valid. */
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, ctr, PSA_ALG_CTR));
    MUST_SUCCEED(psa_cipher_set_iv(&operation, (const uint8_t *)"12345678", 8));
    MUST_SUCCEED(psa_cipher_update(&operation, (const uint8_t *)SECRET, 17, one, sizeof one, &length));
    MUST_SUCCEED(psa_cipher_abort(&operation));
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, ctr, PSA_ALG_CTR));
    MUST_SUCCEED(psa_cipher_set_iv(&operation, (const uint8_t *)"12345678\0\0\0\0\0\0\0\0", 16));
    MUST_SUCCEED(psa_cipher_update(&operation, (const uint8_t *)SECRET, 17, other, sizeof other, &length));
    MUST_SUCCEED(psa_cipher_abort(&operation));
    CHECK(memcmp(one, other, sizeof one) == 0);
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, ctr, PSA_ALG_CTR));
    CHECK_STATUS(psa_cipher_set_iv(&operation, one, 0), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_cipher_abort(&operation));
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, ctr, PSA_ALG_CTR));
    CHECK_STATUS(psa_cipher_set_iv(&operation, one, 17), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_cipher_abort(&operation));
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, cbc, PSA_ALG_CBC_NO_PADDING));
    CHECK_STATUS(psa_cipher_set_iv(&operation, one, 8), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_cipher_abort(&operation));
    MUST_SUCCEED(psa_cipher_decrypt_setup(&operation, ctr, PSA_ALG_CTR));
    CHECK_STATUS(psa_cipher_generate_iv(&operation, one, sizeof one, &length), PSA_ERROR_BAD_STATE);
    MUST_SUCCEED(psa_cipher_abort(&operation));
    /* Text that is shorter than its initialization vector, or no whole blocks. */
    CHECK_STATUS(psa_cipher_decrypt(ctr, PSA_ALG_CTR, one, 15, output, sizeof output, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_cipher_encrypt(cbc, PSA_ALG_CBC_NO_PADDING, one, 17, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_cipher_encrypt(cbc, PSA_ALG_CBC_NO_PADDING, one, 16, output, 31, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_cipher_encrypt(cbc, PSA_ALG_CTR, one, 16, output, sizeof output, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_REFUSED(psa_cipher_encrypt(cbc, PSA_ALG_GCM, one, 16, output, sizeof output, &length));
    destroy(ctr);
    destroy(cbc);
}

/* Section 10.6. */
static void aeads(void)
{
    psa_key_usage_t both = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT;
    psa_algorithm_t at_least = PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(PSA_ALG_CCM, 4);
    psa_key_id_t ccm = import_key(AES, both, at_least, SECRET);
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    const uint8_t nonce[14] = {0};
    CHECK_STATUS(psa_aead_encrypt(ccm, PSA_ALG_CCM, nonce, 6, NULL, 0, nonce, 1, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_aead_encrypt(ccm, PSA_ALG_CCM, nonce, 14, NULL, 0, nonce, 1, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_aead_decrypt(ccm, PSA_ALG_CCM, nonce, 13, NULL, 0, nonce, 14, output, sizeof output, &length),
                 PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_aead_encrypt(ccm, PSA_ALG_CCM, nonce, 13, NULL, 0, nonce, 1, output, 16, &length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
    /* CCM needs its lengths first, keeps to them, and has only those tags that the standard has. */
    MUST_SUCCEED(psa_aead_encrypt_setup(&operation, ccm, PSA_ALG_CCM));
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, 13), PSA_ERROR_BAD_STATE);
    MUST_SUCCEED(psa_aead_abort(&operation));
    MUST_SUCCEED(psa_aead_encrypt_setup(&operation, ccm, PSA_ALG_CCM));
    CHECK_STATUS(psa_aead_set_lengths(&operation, 0, 0x10000), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, 13), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_aead_abort(&operation));
    MUST_SUCCEED(psa_aead_encrypt_setup(&operation, ccm, PSA_ALG_CCM));
    MUST_SUCCEED(psa_aead_set_lengths(&operation, 2, 3));
    MUST_SUCCEED(psa_aead_set_nonce(&operation, nonce, 13));
    MUST_SUCCEED(psa_aead_update_ad(&operation, nonce, 1));
    CHECK_STATUS(psa_aead_update(&operation, nonce, 3, output, sizeof output, &length), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_aead_abort(&operation));
    MUST_SUCCEED(psa_aead_encrypt_setup(&operation, ccm, PSA_ALG_CCM));
    MUST_SUCCEED(psa_aead_set_lengths(&operation, 0, 3));
    MUST_SUCCEED(psa_aead_set_nonce(&operation, nonce, 13));
    CHECK_STATUS(psa_aead_update(&operation, nonce, 4, output, sizeof output, &length), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_aead_abort(&operation));
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, ccm, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 5)),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_REFUSED(psa_aead_encrypt_setup(&operation, ccm, at_least));
    destroy(ccm);
}

/* Section 10.7. */
static void wrapping(void)
{
    psa_key_usage_t both = PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP;
    psa_key_id_t wrapper = import_key(AES, both, PSA_ALG_KW, SECRET), sealed = import_key(AES, 0, PSA_ALG_CTR, SECRET);
    psa_key_id_t open = import_key(AES, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR, SECRET), key;
    psa_key_id_t odd = import_key(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE, SECRET "10");
    psa_key_attributes_t attributes = key_attributes(AES, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR), wide = attributes;
    psa_set_key_bits(&wide, 256);
    CHECK_STATUS(psa_wrap_key(wrapper, PSA_ALG_KW, sealed, output, sizeof output, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_wrap_key(open, PSA_ALG_KW, open, output, sizeof output, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_REFUSED(psa_wrap_key(wrapper, PSA_ALG_CTR, open, output, sizeof output, &length));
    CHECK_STATUS(psa_wrap_key(wrapper, PSA_ALG_KW, odd, output, sizeof output, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_wrap_key(wrapper, PSA_ALG_KW, open, output, 23, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_wrap_key(wrapper, PSA_ALG_KW, 77, output, sizeof output, &length), PSA_ERROR_INVALID_HANDLE);
    MUST_SUCCEED(psa_wrap_key(wrapper, PSA_ALG_KW, open, output, 24, &length));
    CHECK_NO_KEY(psa_unwrap_key(&wide, wrapper, PSA_ALG_KW, output, length, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_unwrap_key(&attributes, open, PSA_ALG_KW, output, length, &key), key, PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_unwrap_key(&attributes, wrapper, PSA_ALG_KW, output, length, &key), PSA_SUCCESS);
    destroy(key);
    output[9] ^= 1;
    CHECK_NO_KEY(psa_unwrap_key(&attributes, wrapper, PSA_ALG_KW, output, length, &key), key, PSA_ERROR_INVALID_SIGNATURE);
    destroy(wrapper);
    destroy(sealed);
    destroy(open);
    destroy(odd);
}

/* One step that is refused ends in the error state. */
static void refuses_step(psa_algorithm_t alg, psa_key_derivation_step_t step, const void *data, size_t data_length)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    MUST_SUCCEED(psa_key_derivation_setup(&operation, alg));
    CHECK_STATUS(psa_key_derivation_input_bytes(&operation, step, data, data_length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_key_derivation_get_capacity(&operation, &length), PSA_ERROR_BAD_STATE);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
}

static void begin(psa_key_derivation_operation_t *operation, psa_algorithm_t alg, psa_key_id_t key)
{
    MUST_SUCCEED(psa_key_derivation_setup(operation, alg));
    if (alg == PBKDF2) {
        MUST_SUCCEED(psa_key_derivation_input_integer(operation, PSA_KEY_DERIVATION_INPUT_COST, 2));
        MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_SALT, output, 8));
        MUST_SUCCEED(psa_key_derivation_input_key(operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, key));
    } else {
        MUST_SUCCEED(psa_key_derivation_input_key(operation, PSA_KEY_DERIVATION_INPUT_SECRET, key));
        if (alg == HKDF) {
            MUST_SUCCEED(psa_key_derivation_input_bytes(operation, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0));
        }
    }
}

/* Section 10.8. */
static void derivations(void)
{
    psa_key_usage_t both = PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_VERIFY_DERIVATION;
    psa_key_id_t secret = import_key(DERIVE, both, HKDF, SECRET), counted = import_key(DERIVE, both, COUNTER, SECRET), key;
    psa_key_id_t verifier = import_key(DERIVE, PSA_KEY_USAGE_VERIFY_DERIVATION, HKDF, SECRET);
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, both, PBKDF2, SECRET);
    psa_key_attributes_t attributes = key_attributes(DERIVE, 128, PSA_KEY_USAGE_DERIVE, HKDF), none = attributes;
    psa_key_attributes_t hash = key_attributes(PSA_KEY_TYPE_PASSWORD_HASH, 128, PSA_KEY_USAGE_VERIFY_DERIVATION, HKDF);
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t half[16], whole[32];
    psa_set_key_bits(&none, 0);

    /* SP 800-108: the zero byte ends the label. */
    refuses_step(COUNTER, PSA_KEY_DERIVATION_INPUT_LABEL, "a\0b", 3);
    refuses_step(PSA_ALG_SP800_108_COUNTER_CMAC, PSA_KEY_DERIVATION_INPUT_SECRET, SECRET, 16);
    refuses_step(HKDF, PSA_KEY_DERIVATION_INPUT_COST, SECRET, 1);
    refuses_step(HKDF, PSA_KEY_DERIVATION_INPUT_SEED, SECRET, 1);
    /* A cost is a number from 1. */
    MUST_SUCCEED(psa_key_derivation_setup(&operation, PBKDF2));
    CHECK_STATUS(psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, 0), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    /* The capacity may only shrink, and is part of what the counter mode computes. */
    begin(&operation, COUNTER, counted);
    MUST_SUCCEED(psa_key_derivation_get_capacity(&operation, &length));
    CHECK(length == 0x1fffffff);
    CHECK_STATUS(psa_key_derivation_set_capacity(&operation, length + 1), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_key_derivation_set_capacity(&operation, 32));
    MUST_SUCCEED(psa_key_derivation_output_bytes(&operation, whole, 32));
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, whole, 1), PSA_ERROR_INSUFFICIENT_DATA);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    begin(&operation, COUNTER, counted);
    MUST_SUCCEED(psa_key_derivation_set_capacity(&operation, 16));
    MUST_SUCCEED(psa_key_derivation_output_bytes(&operation, half, 16));
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    CHECK(memcmp(half, whole, 16) != 0);
    /* Too much asked for, and nothing is left. */
    begin(&operation, HKDF, secret);
    MUST_SUCCEED(psa_key_derivation_set_capacity(&operation, 10));
    CHECK_NO_KEY(psa_key_derivation_output_key(&attributes, &operation, &key), key, PSA_ERROR_INSUFFICIENT_DATA);
    MUST_SUCCEED(psa_key_derivation_get_capacity(&operation, &length));
    CHECK(length == 0);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    /* No key without a size, none from bytes, none from a secret that only verifies. */
    begin(&operation, HKDF, secret);
    CHECK_NO_KEY(psa_key_derivation_output_key(&none, &operation, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    MUST_SUCCEED(psa_key_derivation_setup(&operation, HKDF));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, output, 16));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, NULL, 0));
    CHECK_NO_KEY(psa_key_derivation_output_key(&attributes, &operation, &key), key, PSA_ERROR_NOT_PERMITTED);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    begin(&operation, HKDF, verifier);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, half, 16), PSA_ERROR_NOT_PERMITTED);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    begin(&operation, HKDF, secret);
    MUST_SUCCEED(psa_key_derivation_output_bytes(&operation, half, 16));
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    begin(&operation, HKDF, verifier);
    CHECK_STATUS(psa_key_derivation_verify_bytes(&operation, half, 16), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_verify_bytes(&operation, half, 16), PSA_ERROR_INVALID_SIGNATURE);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    /* A hash of a password is for the algorithm that made it. */
    begin(&operation, PBKDF2, password);
    CHECK_NO_KEY(psa_key_derivation_output_key(&hash, &operation, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    psa_set_key_algorithm(&hash, PBKDF2);
    begin(&operation, PBKDF2, password);
    MUST_SUCCEED(psa_key_derivation_output_key(&hash, &operation, &key));
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    begin(&operation, PBKDF2, password);
    CHECK_STATUS(psa_key_derivation_verify_key(&operation, secret), PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    begin(&operation, PBKDF2, password);
    CHECK_STATUS(psa_key_derivation_verify_key(&operation, key), PSA_SUCCESS);
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    destroy(key);
    destroy(secret);
    destroy(verifier);
    destroy(password);
    destroy(counted);
}

/* Sections 10.9 and 10.10. */
static void signatures_and_encryption(void)
{
    psa_algorithm_t any = PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_ANY_HASH), pss = PSA_ALG_RSA_PSS(PSA_ALG_SHA_512);
    psa_algorithm_t raw = PSA_ALG_RSA_PKCS1V15_SIGN_RAW, deterministic = PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256);
    psa_algorithm_t ecdsa = PSA_ALG_ECDSA(PSA_ALG_SHA_256), oaep = PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256);
    psa_key_id_t rsa = generate_key(RSA, 1024, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, any);
    psa_key_id_t ecc = generate_key(P256, 256, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, ecdsa), public_key;
    psa_key_id_t crypt = generate_key(RSA, 1024, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, oaep);
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(P256), 0, PSA_KEY_USAGE_SIGN_HASH, ecdsa);
    uint8_t hash[64] = {1}, signature[128];
    CHECK_STATUS(psa_sign_hash(rsa, raw, hash, 20, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_hash(rsa, raw, hash, 20, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_hash(rsa, any, hash, 32, signature, sizeof signature, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_sign_hash(rsa, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), hash, 31, signature, sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_sign_message(rsa, raw, hash, 31, signature, sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_sign_hash(rsa, pss, hash, 64, signature, sizeof signature, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_REFUSED(psa_sign_hash(rsa, PSA_ALG_CMAC, hash, 64, signature, sizeof signature, &length));
    CHECK_STATUS(psa_sign_hash(ecc, ecdsa, hash, 32, signature, 63, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_sign_hash_with_context(ecc, ecdsa, hash, 32, hash, 1, signature, sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_sign_hash_with_context(ecc, ecdsa, hash, 32, NULL, 0, signature, sizeof signature, &length));
    CHECK_STATUS(psa_verify_hash(ecc, deterministic, hash, 32, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_hash(ecc, deterministic, hash, 32, signature, sizeof signature, &length),
                 PSA_ERROR_NOT_PERMITTED);
    MUST_SUCCEED(psa_export_public_key(ecc, output, sizeof output, &length));
    MUST_SUCCEED(psa_import_key(&attributes, output, length, &public_key));
    CHECK_STATUS(psa_sign_hash(public_key, ecdsa, hash, 32, signature, sizeof signature, &length), PSA_ERROR_INVALID_ARGUMENT);
    /* OAEP over 128 bytes leaves 62; what is no whole block, and a label where there is none. */
    CHECK_STATUS(psa_asymmetric_encrypt(crypt, oaep, hash, 63, NULL, 0, output, 128, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_asymmetric_encrypt(crypt, oaep, hash, 62, NULL, 0, output, 127, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_asymmetric_encrypt(crypt, oaep, hash, 62, hash, 3, output, 128, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_asymmetric_decrypt(crypt, oaep, output, 127, hash, 3, signature, sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_asymmetric_decrypt(crypt, oaep, output, 128, NULL, 0, signature, sizeof signature, &length),
                 PSA_ERROR_INVALID_PADDING);
    CHECK_STATUS(psa_asymmetric_decrypt(crypt, oaep, output, 128, hash, 3, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_asymmetric_encrypt(crypt, PSA_ALG_RSA_PKCS1V15_CRYPT, hash, 3, NULL, 0, output, 128, &length),
                 PSA_ERROR_NOT_PERMITTED);
    destroy(rsa);
    destroy(ecc);
    destroy(crypt);
    destroy(public_key);
}

/* Sections 10.11 and 10.12. */
static void agreement_and_encapsulation(void)
{
    const psa_key_type_t allowed[] = {DERIVE, PSA_KEY_TYPE_RAW_DATA, PSA_KEY_TYPE_HMAC, PSA_KEY_TYPE_PASSWORD};
    const psa_key_type_t others[] = {AES, PSA_KEY_TYPE_PEPPER, PSA_KEY_TYPE_CHACHA20, P256};
    psa_key_id_t pair = generate_key(P256, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH), key;
    psa_key_id_t bound = generate_key(P256, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, HKDF));
    uint8_t secret[32];
    size_t i, peer;
    MUST_SUCCEED(psa_export_public_key(pair, output, sizeof output, &peer));
    for (i = 0; i < COUNT_OF(allowed); i++) {
        psa_key_attributes_t attributes = key_attributes(allowed[i], 0, PSA_KEY_USAGE_DERIVE, HKDF);
        CHECK_STATUS(psa_key_agreement(pair, output, peer, PSA_ALG_ECDH, &attributes, &key), PSA_SUCCESS);
        MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
        CHECK(psa_get_key_bits(&attributes) == 256 && psa_get_key_type(&attributes) == allowed[i]);
        destroy(key);
        psa_set_key_bits(&attributes, 128);
        CHECK_NO_KEY(psa_key_agreement(pair, output, peer, PSA_ALG_ECDH, &attributes, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    }
    for (i = 0; i < COUNT_OF(others); i++) {
        psa_key_attributes_t attributes = key_attributes(others[i], 0, PSA_KEY_USAGE_DERIVE, HKDF);
        CHECK_NO_KEY(psa_key_agreement(pair, output, peer, PSA_ALG_ECDH, &attributes, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    }
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, pair, output, peer, secret, 31, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, pair, output, peer - 1, secret, 32, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_FFDH, pair, output, peer, secret, 32, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, HKDF), bound, output, peer, secret, 32, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, bound, output, peer, secret, 32, &length), PSA_ERROR_NOT_PERMITTED);
    output[peer - 1] ^= 1;
    CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, pair, output, peer, secret, 32, &length), PSA_ERROR_INVALID_ARGUMENT);
    destroy(pair);
    destroy(bound);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(psa_crypto_init(), PSA_SUCCESS);
    rules_of_keys();
    RUN(hashes_and_macs);
    RUN(ciphers);
    RUN(aeads);
    RUN(wrapping);
    RUN(derivations);
    RUN(signatures_and_encryption);
    RUN(agreement_and_encapsulation);
    return check_result();
}
