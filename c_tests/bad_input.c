/* What bad input gets: a status, never a crash, and nothing is written where it must not be (PSA 1.5, sections 5.3
 * and 5.4). */
#include "check.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define AES_USAGE (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)
#define AES_KEY "2b7e151628aed2a6abf7158809cf4f3c"
#define GUARD 0xa5
#define TOO_LONG ((size_t)PTRDIFF_MAX + 1)

static const uint8_t text[16] = "sixteen letters";

static psa_key_id_t aes_key(psa_algorithm_t alg)
{
    return import_key(PSA_KEY_TYPE_AES, AES_USAGE, alg, AES_KEY);
}

static psa_key_id_t signing_key(void)
{
    return generate_key(P256, 256, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH, ECDSA);
}

/* ---- pointers and lengths ---- */

static void null_with_length_zero_is_an_empty_buffer(void)
{
    psa_key_id_t gcm = aes_key(PSA_ALG_GCM), cmac = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_SIGN_MESSAGE,
                                                               PSA_ALG_CMAC, AES_KEY);
    const uint8_t nonce[12] = {0};
    uint8_t output[32];
    size_t length;
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, NULL, 0, output, sizeof output, &length), PSA_SUCCESS);
    CHECK_HEX(output, length, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_STATUS(psa_mac_compute(cmac, PSA_ALG_CMAC, NULL, 0, output, sizeof output, &length), PSA_SUCCESS);
    CHECK_HEX(output, length, "bb1d6929e95937287fa37d129b756746");
    CHECK_STATUS(psa_aead_encrypt(gcm, PSA_ALG_GCM, nonce, sizeof nonce, NULL, 0, NULL, 0, output, sizeof output,
                                  &length),
                 PSA_SUCCESS);
    CHECK(length == 16);
    CHECK_STATUS(psa_aead_decrypt(gcm, PSA_ALG_GCM, nonce, sizeof nonce, NULL, 0, output, length, NULL, 0, &length),
                 PSA_SUCCESS);
    CHECK(length == 0);
    CHECK_STATUS(psa_generate_random(NULL, 0), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, text, 1, NULL, 0, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    /* Any pointer will do, not only NULL. */
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)(uintptr_t)1, 0, output, sizeof output, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(gcm), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(cmac), PSA_SUCCESS);
}

static void null_with_a_length_is_invalid(void)
{
    psa_key_id_t key = signing_key(), aes = aes_key(PSA_ALG_CTR), none;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RAW_DATA, 0, 0, PSA_ALG_NONE);
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    uint8_t output[64];
    size_t length;
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, NULL, 1, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, text, 1, NULL, 32, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, text, 1, output, sizeof output, NULL), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_setup(NULL, PSA_ALG_SHA_256), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_update(&operation, NULL, 1), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_update(&operation, text, 1), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_generate_random(NULL, 16), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_sign_hash(key, ECDSA, NULL, 32, output, sizeof output, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_sign_hash(key, ECDSA, output, 32, NULL, 64, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_cipher_encrypt(aes, PSA_ALG_CTR, NULL, 16, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_import_key(&attributes, NULL, 16, &none), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_import_key(NULL, text, sizeof text, &none), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_import_key(&attributes, text, sizeof text, NULL), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_get_key_attributes(key, NULL), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(parsec_key_backend(key, NULL, 10), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(aes), PSA_SUCCESS);
}

static void lengths_no_memory_has_are_invalid(void)
{
    psa_key_id_t key = aes_key(PSA_ALG_CTR), none;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RAW_DATA, 0, 0, PSA_ALG_NONE);
    uint8_t output[64] = {0};
    size_t length;
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, text, TOO_LONG, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, text, SIZE_MAX, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, text, 1, output, SIZE_MAX, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_cipher_encrypt(key, PSA_ALG_CTR, text, TOO_LONG, output, sizeof output, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_generate_random(output, TOO_LONG), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_import_key(&attributes, text, TOO_LONG, &none), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* ---- nothing is written behind a buffer ---- */

/* Each call sees a buffer of `size` bytes with guards behind it. */
static psa_status_t write_output(int which, psa_key_id_t key, uint8_t *output, size_t size, size_t *length)
{
    static const uint8_t nonce[12] = {0}, hash[32] = {1};
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    psa_status_t status;
    switch (which) {
    case 0:
        return psa_hash_compute(PSA_ALG_SHA_256, text, sizeof text, output, size, length);
    case 1:
        return psa_export_key(key, output, size, length);
    case 2:
        return psa_cipher_encrypt(key, PSA_ALG_CTR, text, sizeof text, output, size, length);
    case 3:
        return psa_sign_hash(key, ECDSA, hash, sizeof hash, output, size, length);
    case 4:
        return psa_export_public_key(key, output, size, length);
    case 5:
        return psa_aead_encrypt(key, PSA_ALG_GCM, nonce, sizeof nonce, NULL, 0, text, sizeof text, output, size,
                                length);
    case 6:
        return psa_mac_compute(key, PSA_ALG_CMAC, text, sizeof text, output, size, length);
    default:
        (void)psa_hash_setup(&operation, PSA_ALG_SHA_512);
        status = psa_hash_finish(&operation, output, size, length);
        (void)psa_hash_abort(&operation);
        return status;
    }
}

static void short_buffers_are_too_small(void)
{
    const psa_key_usage_t usage =
        AES_USAGE | PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_SIGN_HASH;
    const struct {
        psa_key_type_t type;
        size_t bits;
        psa_algorithm_t alg;
        size_t output;
    } calls[] = {
        {PSA_KEY_TYPE_AES, 128, PSA_ALG_NONE, 32},   {PSA_KEY_TYPE_AES, 256, PSA_ALG_NONE, 32},
        {PSA_KEY_TYPE_AES, 128, PSA_ALG_CTR, 32},    {P256, 256, ECDSA, 64},
        {P256, 256, PSA_ALG_NONE, 65},               {PSA_KEY_TYPE_AES, 128, PSA_ALG_GCM, 32},
        {PSA_KEY_TYPE_AES, 128, PSA_ALG_CMAC, 16},   {PSA_KEY_TYPE_AES, 128, PSA_ALG_NONE, 64},
    };
    uint8_t buffer[128];
    size_t i, size, at, length;
    for (i = 0; i < COUNT_OF(calls); i++) {
        psa_key_id_t key = generate_key(calls[i].type, calls[i].bits, usage, calls[i].alg);
        for (size = 0; size <= calls[i].output; size++) {
            memset(buffer, GUARD, sizeof buffer);
            length = 12345;
            if (size < calls[i].output) {
                CHECK_STATUS(write_output((int)i, key, buffer, size, &length), PSA_ERROR_BUFFER_TOO_SMALL);
                CHECK(length == 0);
            } else {
                CHECK_STATUS(write_output((int)i, key, buffer, size, &length), PSA_SUCCESS);
                CHECK(length == size);
            }
            for (at = size; at < sizeof buffer; at++) {
                MUST(buffer[at] == GUARD);
            }
        }
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* ---- outputs over inputs (section 5.4.4) ---- */

static void overlapping_buffers_give_the_same_result(void)
{
    psa_key_id_t gcm = aes_key(PSA_ALG_GCM), ctr = aes_key(PSA_ALG_CTR);
    const uint8_t nonce[12] = {0};
    uint8_t plain[64], expected[96], buffer[256];
    size_t length, expected_length, offset;
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t i;
    for (i = 0; i < sizeof plain; i++) {
        plain[i] = (uint8_t)i;
    }
    MUST_SUCCEED(psa_aead_encrypt(gcm, PSA_ALG_GCM, nonce, sizeof nonce, NULL, 0, plain, sizeof plain, expected,
                                  sizeof expected, &expected_length));
    /* The output from 32 bytes before the input to 32 bytes behind its start. */
    for (offset = 0; offset <= 64; offset++) {
        memcpy(buffer + 32, plain, sizeof plain);
        CHECK_STATUS(psa_aead_encrypt(gcm, PSA_ALG_GCM, nonce, sizeof nonce, NULL, 0, buffer + 32, sizeof plain,
                                      buffer + offset, 96, &length),
                     PSA_SUCCESS);
        CHECK(length == expected_length && memcmp(buffer + offset, expected, length) == 0);
        memcpy(buffer + 32, expected, expected_length);
        CHECK_STATUS(psa_aead_decrypt(gcm, PSA_ALG_GCM, nonce, sizeof nonce, NULL, 0, buffer + 32, expected_length,
                                      buffer + offset, 96, &length),
                     PSA_SUCCESS);
        CHECK(length == sizeof plain && memcmp(buffer + offset, plain, length) == 0);
    }
    /* In place, and one byte off, in parts. */
    for (offset = 0; offset <= 2; offset++) {
        uint8_t iv[16] = {0};
        MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, ctr, PSA_ALG_CTR));
        MUST_SUCCEED(psa_cipher_set_iv(&operation, iv, sizeof iv));
        MUST_SUCCEED(psa_cipher_update(&operation, plain, sizeof plain, expected, sizeof expected, &length));
        MUST_SUCCEED(psa_cipher_abort(&operation));
        memcpy(buffer + 1, plain, sizeof plain);
        MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, ctr, PSA_ALG_CTR));
        MUST_SUCCEED(psa_cipher_set_iv(&operation, iv, sizeof iv));
        CHECK_STATUS(psa_cipher_update(&operation, buffer + 1, sizeof plain, buffer + offset, 128, &length),
                     PSA_SUCCESS);
        CHECK(length == sizeof plain && memcmp(buffer + offset, expected, length) == 0);
        MUST_SUCCEED(psa_cipher_abort(&operation));
    }
    /* A hash over its own message. */
    memcpy(buffer, "abc", 3);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, buffer, 3, buffer, 32, &length), PSA_SUCCESS);
    CHECK_HEX(buffer, length, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_STATUS(psa_destroy_key(gcm), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(ctr), PSA_SUCCESS);
}

/* ---- operation structures ---- */

#define GARBAGE(operation, byte) memset(&(operation), (byte), sizeof(operation))

/* Filled with one byte, copied after its end, or used again after an abort: a bad state each time. */
static void garbage_operations_are_in_a_bad_state(void)
{
    const int fills[] = {0xff, 0xa5, 0x01};
    psa_key_id_t key = aes_key(PSA_ALG_CTR);
    uint8_t buffer[64] = {0};
    size_t i, length, other;
    for (i = 0; i < COUNT_OF(fills); i++) {
        psa_hash_operation_t hash, copy;
        psa_mac_operation_t mac;
        psa_cipher_operation_t cipher;
        psa_aead_operation_t aead;
        psa_key_derivation_operation_t derivation;
        GARBAGE(hash, fills[i]);
        CHECK_STATUS(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_hash_update(&hash, buffer, 1), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_hash_finish(&hash, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
        memset(&copy, 0, sizeof copy);
        CHECK_STATUS(psa_hash_clone(&hash, &copy), PSA_ERROR_BAD_STATE);
        GARBAGE(mac, fills[i]);
        CHECK_STATUS(psa_mac_sign_setup(&mac, key, PSA_ALG_CMAC), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_mac_update(&mac, buffer, 1), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_mac_sign_finish(&mac, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
        GARBAGE(cipher, fills[i]);
        CHECK_STATUS(psa_cipher_encrypt_setup(&cipher, key, PSA_ALG_CTR), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_cipher_update(&cipher, buffer, 1, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_cipher_finish(&cipher, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
        GARBAGE(aead, fills[i]);
        CHECK_STATUS(psa_aead_encrypt_setup(&aead, key, PSA_ALG_GCM), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_aead_update_ad(&aead, buffer, 1), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_aead_finish(&aead, buffer, 32, &length, buffer + 32, 32, &other), PSA_ERROR_BAD_STATE);
        GARBAGE(derivation, fills[i]);
        CHECK_STATUS(psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(PSA_ALG_SHA_256)), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_key_derivation_output_bytes(&derivation, buffer, 1), PSA_ERROR_BAD_STATE);
        /* Aborting garbage is harmless, and afterwards the structure is good. */
        CHECK_STATUS(psa_hash_abort(&hash), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_abort(&hash), PSA_SUCCESS);
        CHECK_STATUS(psa_cipher_abort(&cipher), PSA_SUCCESS);
        CHECK_STATUS(psa_key_derivation_abort(&derivation), PSA_SUCCESS);
    }
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void a_stale_copy_is_in_a_bad_state(void)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT, copy;
    uint8_t hash[32];
    size_t length;
    int i;
    MUST_SUCCEED(psa_hash_setup(&operation, PSA_ALG_SHA_256));
    memcpy(&copy, &operation, sizeof copy);
    MUST_SUCCEED(psa_hash_finish(&operation, hash, sizeof hash, &length));
    CHECK_STATUS(psa_hash_update(&copy, text, sizeof text), PSA_ERROR_BAD_STATE);
    /* Not even when its place was used again, many times. */
    for (i = 0; i < 10000; i++) {
        MUST_SUCCEED(psa_hash_setup(&operation, PSA_ALG_SHA_256));
        MUST_SUCCEED(psa_hash_abort(&operation));
    }
    MUST_SUCCEED(psa_hash_setup(&operation, PSA_ALG_SHA_256));
    memset(hash, 0, sizeof hash);
    CHECK_STATUS(psa_hash_finish(&copy, hash, sizeof hash, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_finish(&operation, hash, sizeof hash, &length), PSA_SUCCESS);
}

/* ---- keys ---- */

static void unknown_keys_are_invalid_handles(void)
{
    const psa_key_id_t unknown[] = {PSA_KEY_ID_NULL, 1, PSA_KEY_ID_USER_MAX, PSA_KEY_ID_VENDOR_MIN + 5,
                                    PSA_KEY_ID_VENDOR_MAX, 0xffffffffu};
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    uint8_t buffer[64] = {0};
    char name[16];
    size_t i, length;
    for (i = 0; i < COUNT_OF(unknown); i++) {
        psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
        CHECK_STATUS(psa_get_key_attributes(unknown[i], &attributes), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_sign_hash(unknown[i], ECDSA, buffer, 32, buffer, sizeof buffer, &length),
                     PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_export_public_key(unknown[i], buffer, sizeof buffer, &length), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_cipher_encrypt_setup(&operation, unknown[i], PSA_ALG_CTR), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_purge_key(unknown[i]), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(parsec_key_backend(unknown[i], name, sizeof name), PSA_ERROR_INVALID_HANDLE);
        if (unknown[i] != PSA_KEY_ID_NULL) {
            CHECK_STATUS(psa_destroy_key(unknown[i]), PSA_ERROR_INVALID_HANDLE);
        }
    }
    CHECK_STATUS(psa_destroy_key(PSA_KEY_ID_NULL), PSA_SUCCESS);
}

static void destroyed_keys_are_invalid_handles(void)
{
    psa_key_id_t key = signing_key(), later[64];
    uint8_t buffer[64] = {0};
    size_t i, length;
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_hash(key, ECDSA, buffer, 32, buffer, sizeof buffer, &length), PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_destroy_key(key), PSA_ERROR_INVALID_HANDLE);
    /* The identifier is not soon given to another. */
    for (i = 0; i < COUNT_OF(later); i++) {
        later[i] = aes_key(PSA_ALG_CTR);
        CHECK(later[i] != key);
    }
    for (i = 0; i < COUNT_OF(later); i++) {
        CHECK_STATUS(psa_destroy_key(later[i]), PSA_SUCCESS);
    }
}

/* Section 9.9.2: the next step of an operation fails, and only abort is left. */
static void a_key_destroyed_under_an_operation(void)
{
    psa_key_id_t key = aes_key(PSA_ALG_CTR);
    psa_key_id_t mac_key = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_SIGN_MESSAGE, PSA_ALG_CMAC, AES_KEY);
    psa_cipher_operation_t cipher = PSA_CIPHER_OPERATION_INIT;
    psa_mac_operation_t mac = PSA_MAC_OPERATION_INIT;
    uint8_t iv[16] = {0}, output[64];
    size_t length;
    psa_status_t status;
    MUST_SUCCEED(psa_cipher_encrypt_setup(&cipher, key, PSA_ALG_CTR));
    MUST_SUCCEED(psa_cipher_set_iv(&cipher, iv, sizeof iv));
    MUST_SUCCEED(psa_cipher_update(&cipher, text, sizeof text, output, sizeof output, &length));
    MUST_SUCCEED(psa_mac_sign_setup(&mac, mac_key, PSA_ALG_CMAC));
    MUST_SUCCEED(psa_mac_update(&mac, text, sizeof text));
    MUST_SUCCEED(psa_destroy_key(key));
    MUST_SUCCEED(psa_destroy_key(mac_key));
    status = psa_cipher_update(&cipher, text, sizeof text, output, sizeof output, &length);
    CHECK(status == PSA_ERROR_BAD_STATE || status == PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_cipher_finish(&cipher, output, sizeof output, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_abort(&cipher), PSA_SUCCESS);
    status = psa_mac_sign_finish(&mac, output, sizeof output, &length);
    CHECK(status == PSA_ERROR_BAD_STATE || status == PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_mac_abort(&mac), PSA_SUCCESS);
}

/* ---- attributes ---- */

static void garbage_attributes_are_refused(void)
{
    psa_key_attributes_t attributes;
    psa_key_id_t key = 77;
    GARBAGE(attributes, 0xff);
    CHECK(psa_generate_key(&attributes, &key) != PSA_SUCCESS);
    CHECK(key == PSA_KEY_ID_NULL);
    CHECK(psa_import_key(&attributes, text, sizeof text, &key) != PSA_SUCCESS);
    psa_reset_key_attributes(&attributes);
    CHECK(psa_get_key_bits(&attributes) == 0);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(null_with_length_zero_is_an_empty_buffer);
    RUN(null_with_a_length_is_invalid);
    RUN(lengths_no_memory_has_are_invalid);
    RUN(short_buffers_are_too_small);
    RUN(overlapping_buffers_give_the_same_result);
    RUN(garbage_operations_are_in_a_bad_state);
    RUN(a_stale_copy_is_in_a_bad_state);
    RUN(unknown_keys_are_invalid_handles);
    RUN(destroyed_keys_are_invalid_handles);
    RUN(a_key_destroyed_under_an_operation);
    RUN(garbage_attributes_are_refused);
    return check_result();
}
