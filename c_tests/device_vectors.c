/* The vectors of the standards, computed by the device: keys are imported into it, and what it offers must be right. What it
 * does not offer is compared with the table in support.c. */
#include "check.h"

#define AES_KEY "2b7e151628aed2a6abf7158809cf4f3c"
#define BLOCKS "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
#define IV "000102030405060708090a0b0c0d0e0f"
#define COUNTER "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"

static unsigned computed;

/* A key in the device, 0 where it does not offer that. */
static psa_key_id_t in_the_device_if_offered(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg,
                                             const char *text)
{
    struct bytes material = hex(text);
    psa_key_attributes_t attributes = in_the_device(key_attributes(type, 8 * material.length, usage, alg));
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_status_t status = psa_import_key(&attributes, material.data, material.length, &key);
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        return PSA_KEY_ID_NULL;
    }
    MUST_SUCCEED(status);
    CHECK_BACKEND(key, place_backend());
    computed++;
    return key;
}

/* RFC 4231, cases 3 (a key of 20 bytes), 6 (one of 131) and RFC 4493, examples 1 to 4. */
static const struct {
    psa_key_type_t type;
    psa_algorithm_t alg;
    const char *key, *message, *mac;
} macs[] = {
    {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256),
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, AES_KEY, "", "bb1d6929e95937287fa37d129b756746"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, AES_KEY, "6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9dd04a287c"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, AES_KEY,
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411",
     "dfa66747de9ae63030ca32611497c827"},
    {PSA_KEY_TYPE_AES, PSA_ALG_CMAC, AES_KEY,
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
     "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
     "51f0bebf7e3b9d92fc49741779363cfe"},
};

static void message_authentication(void)
{
    size_t i, length;
    for (i = 0; i < COUNT_OF(macs); i++) {
        struct bytes message = hex(macs[i].message);
        uint8_t mac[PSA_MAC_MAX_SIZE];
        psa_key_id_t key = in_the_device_if_offered(macs[i].type, PSA_KEY_USAGE_SIGN_MESSAGE, macs[i].alg, macs[i].key);
        if (key == PSA_KEY_ID_NULL) {
            continue;
        }
        CHECK_STATUS(psa_mac_compute(key, macs[i].alg, message.data, message.length, mac, sizeof mac, &length), PSA_SUCCESS);
        CHECK_HEX(mac, length, macs[i].mac);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* NIST SP 800-38A, appendix F: the first two blocks with AES-128. */
static const struct {
    psa_algorithm_t alg;
    const char *iv, *encrypted;
} ciphers[] = {
    {PSA_ALG_ECB_NO_PADDING, "", "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"},
    {PSA_ALG_CBC_NO_PADDING, IV, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
    {PSA_ALG_CFB, IV, "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"},
    {PSA_ALG_OFB, IV, "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825"},
    {PSA_ALG_CTR, COUNTER, "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"},
};

static void encryption(void)
{
    struct bytes plain = hex(BLOCKS);
    size_t i, length;
    for (i = 0; i < COUNT_OF(ciphers); i++) {
        psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
        struct bytes iv = hex(ciphers[i].iv), encrypted = hex(ciphers[i].encrypted);
        uint8_t input[48], output[64];
        psa_key_id_t key = in_the_device_if_offered(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
                                                    ciphers[i].alg, AES_KEY);
        if (key == PSA_KEY_ID_NULL) {
            continue;
        }
        CHECK_STATUS(psa_cipher_encrypt_setup(&operation, key, ciphers[i].alg), PSA_SUCCESS);
        if (iv.length > 0) {
            CHECK_STATUS(psa_cipher_set_iv(&operation, iv.data, iv.length), PSA_SUCCESS);
        }
        CHECK_STATUS(psa_cipher_update(&operation, plain.data, plain.length, output, sizeof output, &length), PSA_SUCCESS);
        CHECK_HEX(output, length, ciphers[i].encrypted);
        CHECK_STATUS(psa_cipher_finish(&operation, output, sizeof output, &length), PSA_SUCCESS);
        CHECK(length == 0);

        memcpy(input, iv.data, iv.length);
        memcpy(input + iv.length, encrypted.data, encrypted.length);
        CHECK_STATUS(psa_cipher_decrypt(key, ciphers[i].alg, input, iv.length + encrypted.length, output, sizeof output,
                                        &length),
                     PSA_SUCCESS);
        CHECK_HEX(output, length, BLOCKS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* The specification of GCM (SP 800-38D refers to it), test case 4. */
static void authenticated_encryption(void)
{
    static const char sealed[] = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c"
                                 "7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47";
    struct bytes nonce = hex("cafebabefacedbaddecaf888"), more = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    struct bytes plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24"
                             "49a6b525b16aedf5aa0de657ba637b39");
    uint8_t output[128], back[128];
    size_t length, back_length;
    psa_key_id_t key = in_the_device_if_offered(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
                                                PSA_ALG_GCM, "feffe9928665731c6d6a8f9467308308");
    if (key == PSA_KEY_ID_NULL) {
        return;
    }
    CHECK_STATUS(psa_aead_encrypt(key, PSA_ALG_GCM, nonce.data, nonce.length, more.data, more.length, plain.data,
                                  plain.length, output, sizeof output, &length),
                 PSA_SUCCESS);
    CHECK_HEX(output, length, sealed);
    CHECK_STATUS(psa_aead_decrypt(key, PSA_ALG_GCM, nonce.data, nonce.length, more.data, more.length, output, length, back,
                                  sizeof back, &back_length),
                 PSA_SUCCESS);
    CHECK(back_length == plain.length && memcmp(back, plain.data, back_length) == 0);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* RFC 5869, appendix A.1: both steps at once, and the second one alone, for tokens that have no more. */
static void derivation(void)
{
    static const char result[] =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    static const struct {
        psa_algorithm_t alg;
        const char *secret;
    } ways[] = {
        {PSA_ALG_HKDF(PSA_ALG_SHA_256), "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"},
        {PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"},
    };
    struct bytes salt = hex("000102030405060708090a0b0c"), info = hex("f0f1f2f3f4f5f6f7f8f9");
    size_t i;
    for (i = 0; i < COUNT_OF(ways); i++) {
        psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
        uint8_t output[42];
        psa_key_id_t key =
            in_the_device_if_offered(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, ways[i].alg, ways[i].secret);
        if (key == PSA_KEY_ID_NULL) {
            continue;
        }
        MUST_SUCCEED(psa_key_derivation_setup(&operation, ways[i].alg));
        if (PSA_ALG_IS_HKDF(ways[i].alg)) {
            MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, salt.data, salt.length));
        }
        MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, key));
        MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, info.data, info.length));
        CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, sizeof output), PSA_SUCCESS);
        CHECK_HEX(output, sizeof output, result);
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Whoever offers nothing of all this would pass without a single vector. */
static unsigned least(void)
{
    static const struct {
        const char *place;
        unsigned vectors;
    } known[] = {{"softhsm", 10}, {"kryoptic", 14}, {"nss", 11}};
    size_t i;
    for (i = 0; i < COUNT_OF(known); i++) {
        if (strcmp(place(), known[i].place) == 0) {
            return known[i].vectors;
        }
    }
    return 0;
}

int main(void)
{
    if (!in_device()) {
        return 0;
    }
    MUST_SUCCEED(psa_crypto_init());
    RUN(message_authentication);
    RUN(encryption);
    RUN(authenticated_encryption);
    RUN(derivation);
    printf("%u vectors\n", computed);
    CHECK(computed >= least());
    return check_result();
}
