/* Unauthenticated ciphers: PSA 1.5, section 10.5. */
#include "check.h"

#define KEY "2b7e151628aed2a6abf7158809cf4f3c"
#define IV "000102030405060708090a0b0c0d0e0f"
#define COUNTER "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
#define PLAIN "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
#define BOTH (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)

/* NIST SP 800-38A, appendix F: the first two blocks with AES-128. */
static const struct {
    psa_algorithm_t alg;
    const char *iv, *encrypted;
} vectors[] = {
    {PSA_ALG_ECB_NO_PADDING, "", "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"},
    {PSA_ALG_CBC_NO_PADDING, IV, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
    {PSA_ALG_CFB, IV, "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"},
    {PSA_ALG_OFB, IV, "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825"},
    {PSA_ALG_CTR, COUNTER, "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"},
};

static psa_status_t in_parts(psa_key_id_t key, psa_algorithm_t alg, int decrypt, const struct bytes *iv,
                             const struct bytes *input, size_t step, struct bytes *output)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t done = 0, length = 0;
    psa_status_t status = decrypt ? psa_cipher_decrypt_setup(&operation, key, alg)
                                  : psa_cipher_encrypt_setup(&operation, key, alg);
    output->length = 0;
    if (status == PSA_SUCCESS && iv->length > 0) {
        status = psa_cipher_set_iv(&operation, iv->data, iv->length);
    }
    while (status == PSA_SUCCESS && done < input->length) {
        size_t part = input->length - done < step ? input->length - done : step;
        status = psa_cipher_update(&operation, input->data + done, part, output->data + output->length,
                                   sizeof output->data - output->length, &length);
        output->length += length;
        done += part;
    }
    if (status == PSA_SUCCESS) {
        status = psa_cipher_finish(&operation, output->data + output->length, sizeof output->data - output->length,
                                   &length);
        output->length += length;
    }
    psa_cipher_abort(&operation);
    return status;
}

static void known_answers(void)
{
    const size_t steps[] = {1, 5, 16, 17, 64};
    struct bytes plain = hex(PLAIN), output;
    size_t i, j;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_key_id_t key = import_key(PSA_KEY_TYPE_AES, BOTH, vectors[i].alg, KEY);
        struct bytes iv = hex(vectors[i].iv), encrypted = hex(vectors[i].encrypted), whole = iv;
        CHECK(PSA_CIPHER_IV_LENGTH(PSA_KEY_TYPE_AES, vectors[i].alg) == iv.length);
        for (j = 0; j < COUNT_OF(steps); j++) {
            CHECK_STATUS(in_parts(key, vectors[i].alg, 0, &iv, &plain, steps[j], &output), PSA_SUCCESS);
            CHECK_HEX(output.data, output.length, vectors[i].encrypted);
            CHECK_STATUS(in_parts(key, vectors[i].alg, 1, &iv, &encrypted, steps[j], &output), PSA_SUCCESS);
            CHECK_HEX(output.data, output.length, PLAIN);
        }
        /* In one call the IV stands before the ciphertext. */
        memcpy(whole.data + whole.length, encrypted.data, encrypted.length);
        whole.length += encrypted.length;
        CHECK_STATUS(psa_cipher_decrypt(key, vectors[i].alg, whole.data, whole.length, output.data,
                                        sizeof output.data, &output.length),
                     PSA_SUCCESS);
        CHECK_HEX(output.data, output.length, PLAIN);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* RFC 3602, case 4, with the padding that PKCS#7 adds to it: encrypted with OpenSSL. */
static void padding(void)
{
    psa_key_id_t key = import_key(PSA_KEY_TYPE_AES, BOTH, PSA_ALG_CBC_PKCS7, "06a9214036b8a15b512e03d534120006");
    struct bytes iv = hex("3dafba429d9eb430b422da802c9fac41"), plain = hex("53696e676c6520626c6f636b206d7367");
    struct bytes output;
    CHECK_STATUS(in_parts(key, PSA_ALG_CBC_PKCS7, 0, &iv, &plain, 7, &output), PSA_SUCCESS);
    CHECK_HEX(output.data, output.length, "e353779c1079aeb82708942dbe77181ab97c825e1c785146542d396941bce55d");
    CHECK_STATUS(in_parts(key, PSA_ALG_CBC_PKCS7, 1, &iv, &output, 7, &plain), PSA_SUCCESS);
    CHECK_HEX(plain.data, plain.length, "53696e676c6520626c6f636b206d7367");
    /* The last byte of the first block changes the padding's length to 0x11: no padding is that long. */
    output.data[15] ^= 0x10 ^ 0x11;
    CHECK_STATUS(in_parts(key, PSA_ALG_CBC_PKCS7, 1, &iv, &output, 32, &plain), PSA_ERROR_INVALID_PADDING);
    output.length -= 1;
    CHECK_STATUS(in_parts(key, PSA_ALG_CBC_PKCS7, 1, &iv, &output, 32, &plain), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void each_encryption_has_a_new_iv(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_AES, 256, BOTH, PSA_ALG_CTR);
    struct bytes plain = hex(PLAIN);
    uint8_t one[64], two[64], back[64];
    size_t one_length, two_length, length;
    CHECK_STATUS(psa_cipher_encrypt(key, PSA_ALG_CTR, plain.data, plain.length, one, sizeof one, &one_length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_encrypt(key, PSA_ALG_CTR, plain.data, plain.length, two, sizeof two, &two_length),
                 PSA_SUCCESS);
    CHECK(one_length == plain.length + 16 && two_length == one_length);
    CHECK(memcmp(one, two, 16) != 0);
    CHECK_STATUS(psa_cipher_decrypt(key, PSA_ALG_CTR, two, two_length, back, sizeof back, &length), PSA_SUCCESS);
    CHECK_HEX(back, length, PLAIN);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void incomplete_blocks_are_refused(void)
{
    const psa_algorithm_t block[] = {PSA_ALG_ECB_NO_PADDING, PSA_ALG_CBC_NO_PADDING};
    uint8_t input[31] = {0}, output[64];
    size_t i, length;
    for (i = 0; i < COUNT_OF(block); i++) {
        psa_key_id_t key = import_key(PSA_KEY_TYPE_AES, BOTH, block[i], KEY);
        CHECK_STATUS(psa_cipher_encrypt(key, block[i], input, sizeof input, output, sizeof output, &length),
                     PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_cipher_decrypt(key, block[i], input, sizeof input, output, sizeof output, &length),
                     PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void the_states_of_an_operation(void)
{
    psa_key_id_t key = import_key(PSA_KEY_TYPE_AES, BOTH, PSA_ALG_CBC_NO_PADDING, KEY);
    psa_cipher_operation_t operation = psa_cipher_operation_init();
    uint8_t iv[16] = {0}, buffer[32] = {0};
    size_t length;
    CHECK_STATUS(psa_cipher_update(&operation, buffer, 16, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_finish(&operation, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_set_iv(&operation, iv, sizeof iv), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_abort(&operation), PSA_SUCCESS);
    /* No IV was given. */
    CHECK_STATUS(psa_cipher_encrypt_setup(&operation, key, PSA_ALG_CBC_NO_PADDING), PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_update(&operation, buffer, 16, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_abort(&operation), PSA_SUCCESS);
    /* An IV is given once and whole. */
    CHECK_STATUS(psa_cipher_encrypt_setup(&operation, key, PSA_ALG_CBC_NO_PADDING), PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_set_iv(&operation, iv, 15), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_cipher_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_encrypt_setup(&operation, key, PSA_ALG_CBC_NO_PADDING), PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_generate_iv(&operation, iv, sizeof iv, &length), PSA_SUCCESS);
    CHECK(length == sizeof iv);
    CHECK_STATUS(psa_cipher_set_iv(&operation, iv, sizeof iv), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_abort(&operation), PSA_SUCCESS);
    /* A short buffer is an error of the operation. */
    CHECK_STATUS(psa_cipher_encrypt_setup(&operation, key, PSA_ALG_CBC_NO_PADDING), PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_set_iv(&operation, iv, sizeof iv), PSA_SUCCESS);
    CHECK_STATUS(psa_cipher_update(&operation, buffer, 16, buffer, 15, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_cipher_finish(&operation, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_cipher_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers);
    RUN(padding);
    RUN(each_encryption_has_a_new_iv);
    RUN(incomplete_blocks_are_refused);
    RUN(the_states_of_an_operation);
    return check_result();
}
