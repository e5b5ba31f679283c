/* Authenticated encryption with associated data: PSA 1.5, section 10.6. */
#include "check.h"

#define BOTH (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)

static const struct {
    const char *source;
    psa_key_type_t type;
    psa_algorithm_t alg;
    const char *key, *nonce, *additional, *plain, *sealed;
} vectors[] = {
    {"GCM specification, test case 4", PSA_KEY_TYPE_AES, PSA_ALG_GCM, "feffe9928665731c6d6a8f9467308308",
     "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {"GCM specification, test case 1", PSA_KEY_TYPE_AES, PSA_ALG_GCM, "00000000000000000000000000000000",
     "000000000000000000000000", "", "", "58e2fccefa7e3061367f1d57a4e7455a"},
    {"RFC 3610, vector 1", PSA_KEY_TYPE_AES, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, 8),
     "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000003020100a0a1a2a3a4a5", "0001020304050607",
     "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
     "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0"},
    {"RFC 8439, section 2.8.2", PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305,
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
     "50515253c0c1c2c3c4c5c6c7",
     "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
     "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
     "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
     "637265656e20776f756c642062652069742e",
     "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
     "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
     "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
     "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"},
};

static size_t tag_length(size_t i)
{
    return PSA_AEAD_TAG_LENGTH(vectors[i].type, strlen(vectors[i].key) * 4, vectors[i].alg);
}

static void known_answers_in_one_call(void)
{
    uint8_t output[256];
    size_t i, length;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_algorithm_t alg = vectors[i].alg;
        psa_key_id_t key = import_key(vectors[i].type, BOTH, alg, vectors[i].key);
        struct bytes nonce = hex(vectors[i].nonce), additional = hex(vectors[i].additional);
        struct bytes plain = hex(vectors[i].plain), sealed = hex(vectors[i].sealed);
        printf("  %s\n", vectors[i].source);
        CHECK(sealed.length == PSA_AEAD_ENCRYPT_OUTPUT_SIZE(vectors[i].type, alg, plain.length));
        CHECK_STATUS(psa_aead_encrypt(key, alg, nonce.data, nonce.length, additional.data, additional.length,
                                      plain.data, plain.length, output, sizeof output, &length),
                     PSA_SUCCESS);
        CHECK_HEX(output, length, vectors[i].sealed);
        CHECK_STATUS(psa_aead_decrypt(key, alg, nonce.data, nonce.length, additional.data, additional.length,
                                      sealed.data, sealed.length, output, sizeof output, &length),
                     PSA_SUCCESS);
        CHECK_HEX(output, length, vectors[i].plain);
        CHECK_STATUS(psa_aead_encrypt(key, alg, nonce.data, nonce.length, additional.data, additional.length,
                                      plain.data, plain.length, output, sealed.length - 1, &length),
                     PSA_ERROR_BUFFER_TOO_SMALL);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static psa_status_t begin(psa_aead_operation_t *operation, psa_key_id_t key, size_t i, int decrypt)
{
    struct bytes nonce = hex(vectors[i].nonce), additional = hex(vectors[i].additional), plain = hex(vectors[i].plain);
    size_t half = additional.length / 2;
    psa_status_t status = decrypt ? psa_aead_decrypt_setup(operation, key, vectors[i].alg)
                                  : psa_aead_encrypt_setup(operation, key, vectors[i].alg);
    if (status == PSA_SUCCESS) {
        status = psa_aead_set_lengths(operation, additional.length, plain.length);
    }
    if (status == PSA_SUCCESS) {
        status = psa_aead_set_nonce(operation, nonce.data, nonce.length);
    }
    if (status == PSA_SUCCESS && half > 0) {
        status = psa_aead_update_ad(operation, additional.data, half);
    }
    if (status == PSA_SUCCESS) {
        status = psa_aead_update_ad(operation, additional.data + half, additional.length - half);
    }
    return status;
}

/* Feeds the input in small uneven parts; fails the test unless each succeeds. */
static void update_all(psa_aead_operation_t *operation, const uint8_t *input, size_t input_length, struct bytes *output)
{
    size_t done = 0, length;
    output->length = 0;
    while (done < input_length) {
        size_t part = input_length - done < 7 ? input_length - done : 7;
        MUST_SUCCEED(psa_aead_update(operation, input + done, part, output->data + output->length,
                                     sizeof output->data - output->length, &length));
        output->length += length;
        done += part;
    }
}

static void known_answers_in_parts(void)
{
    size_t i, length, tag_size;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_key_id_t key = import_key(vectors[i].type, BOTH, vectors[i].alg, vectors[i].key);
        struct bytes plain = hex(vectors[i].plain), sealed = hex(vectors[i].sealed), output;
        psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
        uint8_t tag[PSA_AEAD_TAG_MAX_SIZE];
        size_t encrypted = sealed.length - tag_length(i);

        CHECK_STATUS(begin(&operation, key, i, 0), PSA_SUCCESS);
        update_all(&operation, plain.data, plain.length, &output);
        CHECK_STATUS(psa_aead_finish(&operation, output.data + output.length, sizeof output.data - output.length,
                                     &length, tag, sizeof tag, &tag_size),
                     PSA_SUCCESS);
        output.length += length;
        CHECK(output.length == encrypted && tag_size == tag_length(i));
        memcpy(output.data + output.length, tag, tag_size);
        CHECK_HEX(output.data, output.length + tag_size, vectors[i].sealed);

        CHECK_STATUS(begin(&operation, key, i, 1), PSA_SUCCESS);
        update_all(&operation, sealed.data, encrypted, &output);
        CHECK_STATUS(psa_aead_verify(&operation, output.data + output.length, sizeof output.data - output.length,
                                     &length, sealed.data + encrypted, tag_length(i)),
                     PSA_SUCCESS);
        CHECK_HEX(output.data, output.length + length, vectors[i].plain);

        sealed.data[encrypted] ^= 1;
        CHECK_STATUS(begin(&operation, key, i, 1), PSA_SUCCESS);
        update_all(&operation, sealed.data, encrypted, &output);
        CHECK_STATUS(psa_aead_verify(&operation, output.data + output.length, sizeof output.data - output.length,
                                     &length, sealed.data + encrypted, tag_length(i)),
                     PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Whatever is changed, nothing of the plaintext comes out. */
static void changes_are_refused(void)
{
    size_t i, j, length;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_algorithm_t alg = vectors[i].alg;
        psa_key_id_t key = import_key(vectors[i].type, BOTH, alg, vectors[i].key);
        struct bytes nonce = hex(vectors[i].nonce), additional = hex(vectors[i].additional);
        struct bytes plain = hex(vectors[i].plain), sealed = hex(vectors[i].sealed);
        uint8_t output[256] = {0};
        const struct {
            struct bytes *what;
            size_t at;
        } changes[] = {{&nonce, 0}, {&additional, 0}, {&sealed, 0}, {&sealed, sealed.length - 1}};
        for (j = 0; j < COUNT_OF(changes); j++) {
            if (changes[j].what->length == 0) {
                continue;
            }
            changes[j].what->data[changes[j].at] ^= 1;
            CHECK_STATUS(psa_aead_decrypt(key, alg, nonce.data, nonce.length, additional.data, additional.length,
                                          sealed.data, sealed.length, output, sizeof output, &length),
                         PSA_ERROR_INVALID_SIGNATURE);
            changes[j].what->data[changes[j].at] ^= 1;
            CHECK(plain.length == 0 || memcmp(output, plain.data, plain.length) != 0);
        }
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void the_states_of_an_operation(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_AES, 128, BOTH, PSA_ALG_GCM);
    psa_aead_operation_t operation = psa_aead_operation_init();
    uint8_t nonce[12] = {0}, buffer[64] = {0}, tag[16];
    size_t length, tag_size;
    CHECK_STATUS(psa_aead_update_ad(&operation, buffer, 1), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, sizeof nonce), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_update(&operation, buffer, 1, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    /* A nonce comes first. */
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, key, PSA_ALG_GCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update_ad(&operation, buffer, 1), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    /* Additional data comes before the text. */
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, key, PSA_ALG_GCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_generate_nonce(&operation, nonce, sizeof nonce, &length), PSA_SUCCESS);
    CHECK(length == 12);
    CHECK_STATUS(psa_aead_update(&operation, buffer, 1, buffer, sizeof buffer, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update_ad(&operation, buffer, 1), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    /* An encryption is not verified, and a decryption not finished. */
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, key, PSA_ALG_GCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, sizeof nonce), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_verify(&operation, buffer, sizeof buffer, &length, tag, sizeof tag), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_decrypt_setup(&operation, key, PSA_ALG_GCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_generate_nonce(&operation, nonce, sizeof nonce, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_decrypt_setup(&operation, key, PSA_ALG_GCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, sizeof nonce), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_finish(&operation, buffer, sizeof buffer, &length, tag, sizeof tag, &tag_size),
                 PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* Once lengths are announced, other lengths are errors. */
static void announced_lengths_bind(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_AES, 128, BOTH, PSA_ALG_CCM);
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    uint8_t nonce[13] = {0}, buffer[64] = {0}, tag[16];
    size_t length, tag_size;
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, key, PSA_ALG_CCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_lengths(&operation, 0, 8), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, sizeof nonce), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, buffer, 9, buffer, sizeof buffer, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, key, PSA_ALG_CCM), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_lengths(&operation, 0, 8), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, nonce, sizeof nonce), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, buffer, 7, buffer, sizeof buffer, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_finish(&operation, buffer, sizeof buffer, &length, tag, sizeof tag, &tag_size),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers_in_one_call);
    RUN(known_answers_in_parts);
    RUN(changes_are_refused);
    RUN(the_states_of_an_operation);
    RUN(announced_lengths_bind);
    return check_result();
}
