/* What a device computes is what software computes: the same material in both, every algorithm that docs/support.md
 * announces for the device, in one call and in parts. Software has its own tests with the vectors of the standards. */
#include "device.h"

const uint8_t material[32] = "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10"
                             "\x0f\x1e\x2d\x3c\x4b\x5a\x69\x78\x87\x96\xa5\xb4\xc3\xd2\xe1";
static const size_t lengths[] = {0, 1, 15, 16, 17, 64, 333, LONGEST};
uint8_t text[LONGEST];

int make_pair(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg, struct pair *pair)
{
    psa_key_attributes_t attributes = key_attributes(type, bits, usage, alg), device = in_the_device(attributes);
    psa_status_t status = psa_import_key(&device, material, bits / 8, &pair->device);
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        return 0;
    }
    MUST_SUCCEED(status);
    CHECK_BACKEND(pair->device, place_backend());
    MUST_SUCCEED(psa_import_key(&attributes, material, bits / 8, &pair->software));
    return 1;
}

void destroy_pair(struct pair *pair)
{
    CHECK_STATUS(psa_destroy_key(pair->device), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(pair->software), PSA_SUCCESS);
}

static void check_mac(const struct pair *pair, psa_algorithm_t alg)
{
    uint8_t mac[PSA_MAC_MAX_SIZE], expected[PSA_MAC_MAX_SIZE];
    size_t i, length, expected_length;
    for (i = 0; i < COUNT_OF(lengths); i++) {
        psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
        size_t half = lengths[i] / 3;
        MUST_SUCCEED(psa_mac_compute(pair->software, alg, text, lengths[i], expected, sizeof expected, &expected_length));
        CHECK_STATUS(psa_mac_compute(pair->device, alg, text, lengths[i], mac, sizeof mac, &length), PSA_SUCCESS);
        check_equal(mac, length, expected, expected_length, alg);
        CHECK_STATUS(psa_mac_verify(pair->device, alg, text, lengths[i], expected, expected_length), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_sign_setup(&operation, pair->device, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&operation, text, half), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&operation, text + half, lengths[i] - half), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_sign_finish(&operation, mac, sizeof mac, &length), PSA_SUCCESS);
        check_equal(mac, length, expected, expected_length, alg);
        expected[0] ^= 1;
        CHECK_STATUS(psa_mac_verify(pair->device, alg, text, lengths[i], expected, expected_length),
                     PSA_ERROR_INVALID_SIGNATURE);
    }
    {
        psa_mac_operation_t given_up = PSA_MAC_OPERATION_INIT;
        CHECK_STATUS(psa_mac_sign_setup(&given_up, pair->device, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&given_up, text, 5), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_abort(&given_up), PSA_SUCCESS);
    }
}

/* In parts of 7, 16, 1, 40 and so on bytes, as the software does it. */
static size_t cipher_in_parts(psa_key_id_t key, psa_algorithm_t alg, int encrypt, const uint8_t *iv, size_t iv_length,
                              const uint8_t *input, size_t length, uint8_t *output, size_t size)
{
    static const size_t parts[] = {7, 16, 1, 40, 100};
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t i = 0, at = 0, made, done = 0;
    CHECK_STATUS(encrypt ? psa_cipher_encrypt_setup(&operation, key, alg)
                         : psa_cipher_decrypt_setup(&operation, key, alg),
                 PSA_SUCCESS);
    if (iv_length != 0) {
        CHECK_STATUS(psa_cipher_set_iv(&operation, iv, iv_length), PSA_SUCCESS);
    }
    while (at < length) {
        size_t part = parts[i++ % COUNT_OF(parts)];
        part = part < length - at ? part : length - at;
        CHECK_STATUS(psa_cipher_update(&operation, input + at, part, output + done, size - done, &made), PSA_SUCCESS);
        at += part;
        done += made;
    }
    CHECK_STATUS(psa_cipher_finish(&operation, output + done, size - done, &made), PSA_SUCCESS);
    return done + made;
}

static void check_cipher(const struct pair *pair, psa_algorithm_t alg)
{
    uint8_t sealed[LONGEST + 64], expected[LONGEST + 64], opened[LONGEST + 64];
    size_t i, length, expected_length, iv_length = PSA_CIPHER_IV_LENGTH(PSA_KEY_TYPE_AES, alg);
    int whole_blocks = alg == PSA_ALG_ECB_NO_PADDING || alg == PSA_ALG_CBC_NO_PADDING;
    for (i = 0; i < COUNT_OF(lengths); i++) {
        if (whole_blocks && lengths[i] % 16 != 0) {
            CHECK_STATUS(psa_cipher_encrypt(pair->device, alg, text, lengths[i], sealed, sizeof sealed, &length),
                         PSA_ERROR_INVALID_ARGUMENT);
            continue;
        }
        CHECK_STATUS(psa_cipher_encrypt(pair->device, alg, text, lengths[i], sealed, sizeof sealed, &length),
                     PSA_SUCCESS);
        CHECK_STATUS(psa_cipher_decrypt(pair->software, alg, sealed, length, opened, sizeof opened, &expected_length),
                     PSA_SUCCESS);
        check_equal(opened, expected_length, text, lengths[i], alg);
        CHECK_STATUS(psa_cipher_decrypt(pair->device, alg, sealed, length, opened, sizeof opened, &expected_length),
                     PSA_SUCCESS);
        check_equal(opened, expected_length, text, lengths[i], alg);

        length = cipher_in_parts(pair->device, alg, 1, material, iv_length, text, lengths[i], sealed, sizeof sealed);
        expected_length =
            cipher_in_parts(pair->software, alg, 1, material, iv_length, text, lengths[i], expected, sizeof expected);
        check_equal(sealed, length, expected, expected_length, alg);
        length = cipher_in_parts(pair->device, alg, 0, material, iv_length, expected, expected_length, opened,
                                 sizeof opened);
        check_equal(opened, length, text, lengths[i], alg);
    }
    if (alg == PSA_ALG_CBC_PKCS7) {
        uint8_t wrong[32] = {0};
        CHECK_STATUS(psa_cipher_decrypt(pair->device, alg, wrong, sizeof wrong, opened, sizeof opened, &length),
                     PSA_ERROR_INVALID_PADDING);
    }
}

static void check_aead_in_parts(const struct pair *pair, psa_algorithm_t alg, const uint8_t *sealed, size_t length)
{
    uint8_t output[LONGEST + 16], tag[16];
    size_t half = length / 3, made, tag_length;
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    CHECK_STATUS(psa_aead_encrypt_setup(&operation, pair->device, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_lengths(&operation, 20, length), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, material, 12), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update_ad(&operation, text, 20), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, text, half, output, sizeof output, &made), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, text + half, length - half, output + half, sizeof output - half, &made),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_aead_finish(&operation, output, 0, &made, tag, sizeof tag, &tag_length), PSA_SUCCESS);
    check_equal(output, length, sealed, length, alg);
    check_equal(tag, tag_length, sealed + length, 16, alg);

    CHECK_STATUS(psa_aead_decrypt_setup(&operation, pair->device, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_lengths(&operation, 20, length), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, material, 12), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update_ad(&operation, text, 20), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, sealed, half, output, sizeof output, &made), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, sealed + half, length - half, output + half, sizeof output - half, &made),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_aead_verify(&operation, output, 0, &made, sealed + length, 16), PSA_SUCCESS);
    check_equal(output, length, text, length, alg);

    /* Other additional data, so that the tag is wrong. */
    CHECK_STATUS(psa_aead_decrypt_setup(&operation, pair->device, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_lengths(&operation, 20, length), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_set_nonce(&operation, material, 12), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update_ad(&operation, text + 1, 20), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_update(&operation, sealed, length, output, sizeof output, &made), PSA_SUCCESS);
    CHECK_STATUS(psa_aead_verify(&operation, output, 0, &made, sealed + length, 16), PSA_ERROR_INVALID_SIGNATURE);
}

static void check_aead(const struct pair *pair, psa_algorithm_t alg)
{
    uint8_t sealed[LONGEST + 16], expected[LONGEST + 16], opened[LONGEST + 16];
    size_t i, length, expected_length;
    for (i = 0; i < COUNT_OF(lengths); i++) {
        MUST_SUCCEED(psa_aead_encrypt(pair->software, alg, material, 12, text, 20, text, lengths[i], expected,
                                      sizeof expected, &expected_length));
        CHECK_STATUS(psa_aead_encrypt(pair->device, alg, material, 12, text, 20, text, lengths[i], sealed,
                                      sizeof sealed, &length),
                     PSA_SUCCESS);
        check_equal(sealed, length, expected, expected_length, alg);
        CHECK_STATUS(psa_aead_decrypt(pair->device, alg, material, 12, text, 20, expected, expected_length, opened,
                                      lengths[i], &length),
                     PSA_SUCCESS);
        check_equal(opened, length, text, lengths[i], alg);
        check_aead_in_parts(pair, alg, expected, lengths[i]);
        expected[expected_length - 1] ^= 1;
        CHECK_STATUS(psa_aead_decrypt(pair->device, alg, material, 12, text, 20, expected, expected_length, opened,
                                      sizeof opened, &length),
                     PSA_ERROR_INVALID_SIGNATURE);
    }
}

static void symmetric_keys(void)
{
    const psa_key_usage_t crypt = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT;
    const psa_key_usage_t mac = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE;
    struct pair pair;
    size_t i;
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        const struct support_row *row = &support_rows[i];
        if (row->key_type != PSA_KEY_TYPE_AES && row->key_type != PSA_KEY_TYPE_HMAC &&
            row->key_type != PSA_KEY_TYPE_CHACHA20) {
            continue;
        }
        if (row->function == SUPPORT_MAC && make_pair(row->key_type, row->key_bits, mac, row->alg, &pair)) {
            check_mac(&pair, row->alg);
        } else if (row->function == SUPPORT_CIPHER && make_pair(row->key_type, row->key_bits, crypt, row->alg, &pair)) {
            check_cipher(&pair, row->alg);
        } else if (row->function == SUPPORT_AEAD && make_pair(row->key_type, row->key_bits, crypt, row->alg, &pair)) {
            check_aead(&pair, row->alg);
        } else {
            continue;
        }
        destroy_pair(&pair);
    }
}

/* The device decrypts what the software encrypts with the public part; a label has to agree. */
static void rsa_decryption(void)
{
    static const psa_algorithm_t algorithms[] = {PSA_ALG_RSA_PKCS1V15_CRYPT, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_1),
                                                 PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256)};
    size_t i, length, opened_length;
    uint8_t sealed[256], opened[256];
    for (i = 0; i < COUNT_OF(algorithms); i++) {
        psa_algorithm_t alg = algorithms[i];
        size_t label_length = PSA_ALG_IS_RSA_OAEP(alg) ? 5 : 0;
        psa_key_id_t key;
        psa_key_attributes_t attributes = in_the_device(
            key_attributes(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, alg));
        psa_status_t status = psa_generate_key(&attributes, &key);
        if (status == PSA_ERROR_NOT_SUPPORTED) {
            continue;
        }
        MUST_SUCCEED(status);
        CHECK_STATUS(psa_asymmetric_encrypt(key, alg, text, 60, text, label_length, sealed, sizeof sealed, &length),
                     PSA_SUCCESS);
        CHECK_STATUS(psa_asymmetric_decrypt(key, alg, sealed, length, text, label_length, opened, sizeof opened,
                                            &opened_length),
                     PSA_SUCCESS);
        check_equal(opened, opened_length, text, 60, alg);
        CHECK_STATUS(psa_asymmetric_decrypt(key, alg, sealed, length, text, label_length, opened, 59, &opened_length),
                     PSA_ERROR_BUFFER_TOO_SMALL);
        sealed[100] ^= 1;
        CHECK_STATUS(psa_asymmetric_decrypt(key, alg, sealed, length, text, label_length, opened, sizeof opened,
                                            &opened_length),
                     PSA_ERROR_INVALID_PADDING);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Both sides come to the same secret, one in the device and one in software. */
static void agreement(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        const struct support_row *row = &support_rows[i];
        uint8_t device_public[133], software_public[133], secret[66], expected[66];
        size_t device_length, software_length, length, expected_length;
        psa_key_id_t device, software;
        psa_key_attributes_t attributes =
            in_the_device(key_attributes(row->key_type, row->key_bits, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH));
        if (row->function != SUPPORT_KEY_AGREEMENT || row->alg != PSA_ALG_ECDH || !(row->places & SUPPORT_NATIVE) ||
            psa_generate_key(&attributes, &device) != PSA_SUCCESS) {
            continue;
        }
        software = generate_key(row->key_type, row->key_bits, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
        MUST_SUCCEED(psa_export_public_key(device, device_public, sizeof device_public, &device_length));
        MUST_SUCCEED(psa_export_public_key(software, software_public, sizeof software_public, &software_length));
        CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, device, software_public, software_length, secret,
                                           sizeof secret, &length),
                     PSA_SUCCESS);
        MUST_SUCCEED(psa_raw_key_agreement(PSA_ALG_ECDH, software, device_public, device_length, expected,
                                           sizeof expected, &expected_length));
        check_equal(secret, length, expected, expected_length, (psa_algorithm_t)row->key_bits);
        CHECK_STATUS(psa_raw_key_agreement(PSA_ALG_ECDH, device, text, software_length, secret, sizeof secret, &length),
                     PSA_KEY_TYPE_ECC_GET_FAMILY(row->key_type) == PSA_ECC_FAMILY_MONTGOMERY ? PSA_SUCCESS
                                                                                             : PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
    }
}

/* A pair from software signs in the device, and a copy in the device does too. */
static void imported_pairs(void)
{
    const psa_key_usage_t usage = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE;
    static const struct {
        psa_key_type_t type;
        size_t bits;
        psa_algorithm_t alg;
    } pairs[] = {
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 384, PSA_ALG_ECDSA(PSA_ALG_SHA_384)},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, PSA_ALG_PURE_EDDSA},
        {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(pairs); i++) {
        psa_key_id_t source = generate_key(pairs[i].type, pairs[i].bits, usage | PSA_KEY_USAGE_EXPORT, pairs[i].alg);
        psa_key_attributes_t attributes = in_the_device(
            key_attributes(pairs[i].type, pairs[i].bits, usage | PSA_KEY_USAGE_COPY, pairs[i].alg));
        uint8_t exported[2400], signature[512];
        size_t length, signature_length;
        psa_key_id_t key, copy;
        psa_status_t status;
        MUST_SUCCEED(psa_export_key(source, exported, sizeof exported, &length));
        status = psa_import_key(&attributes, exported, length, &key);
        if (status == PSA_ERROR_NOT_SUPPORTED) {
            CHECK_STATUS(psa_destroy_key(source), PSA_SUCCESS);
            continue;
        }
        MUST_SUCCEED(status);
        CHECK_BACKEND(key, place_backend());
        CHECK_STATUS(psa_sign_message(key, pairs[i].alg, text, 99, signature, sizeof signature, &signature_length),
                     PSA_SUCCESS);
        CHECK_STATUS(psa_verify_message(source, pairs[i].alg, text, 99, signature, signature_length), PSA_SUCCESS);
        CHECK_STATUS(psa_export_key(key, exported, sizeof exported, &length), PSA_ERROR_NOT_PERMITTED);
        status = psa_copy_key(key, &attributes, &copy);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        if (CHECK_STATUS(status, PSA_SUCCESS)) {
            CHECK_BACKEND(copy, place_backend());
            CHECK_STATUS(psa_sign_message(copy, pairs[i].alg, text, 9, signature, sizeof signature, &signature_length),
                         PSA_SUCCESS);
            CHECK_STATUS(psa_verify_message(source, pairs[i].alg, text, 9, signature, signature_length), PSA_SUCCESS);
            CHECK_STATUS(psa_destroy_key(copy), PSA_SUCCESS);
        }
        CHECK_STATUS(psa_destroy_key(source), PSA_SUCCESS);
    }
}

int main(void)
{
    size_t i;
    if (!in_device()) {
        return 0;
    }
    for (i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(7 * i + i / 256);
    }
    MUST_SUCCEED(psa_crypto_init());
    RUN(symmetric_keys);
    RUN(rsa_decryption);
    RUN(agreement);
    RUN(imported_pairs);
    derivation_and_wrapping();
    return check_result();
}
