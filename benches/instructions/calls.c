/* The calls whose instructions are counted. Run under callgrind, which writes one profile for each call; without it,
 * the program does the same and nothing is counted. */

#include <psa/crypto.h>
#include <parsec.h>
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

enum { WARM_UP = 4, TIMES = 100 };

static uint8_t input[1040], output[1040];
static size_t length;
static psa_key_id_t aes_gcm, aes_ctr, hmac, derive, p256, ed25519;

static void must(psa_status_t status)
{
    if (status != PSA_SUCCESS) {
        fprintf(stderr, "%s\n", parsec_last_error());
        exit(1);
    }
}

static psa_key_id_t generate(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    must(psa_generate_key(&attributes, &key));
    return key;
}

static void hash_16(void)
{
    must(psa_hash_compute(PSA_ALG_SHA_256, input, 16, output, sizeof output, &length));
}

static void hash_in_parts(void)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    must(psa_hash_setup(&operation, PSA_ALG_SHA_256));
    must(psa_hash_update(&operation, input, 16));
    must(psa_hash_finish(&operation, output, sizeof output, &length));
}

static void random_32(void)
{
    must(psa_generate_random(output, 32));
}

static void hmac_64(void)
{
    must(psa_mac_compute(hmac, PSA_ALG_HMAC(PSA_ALG_SHA_256), input, 64, output, sizeof output, &length));
}

static void aead_64(void)
{
    must(psa_aead_encrypt(aes_gcm, PSA_ALG_GCM, input, 12, input, 16, input, 64, output, sizeof output, &length));
}

static void aead_in_parts(void)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    size_t tag_length;
    must(psa_aead_encrypt_setup(&operation, aes_gcm, PSA_ALG_GCM));
    must(psa_aead_set_nonce(&operation, input, 12));
    must(psa_aead_update_ad(&operation, input, 16));
    must(psa_aead_update(&operation, input, 64, output, sizeof output, &length));
    must(psa_aead_finish(&operation, output, 0, &length, output, 16, &tag_length));
}

static void cipher_in_parts(void)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    must(psa_cipher_encrypt_setup(&operation, aes_ctr, PSA_ALG_CTR));
    must(psa_cipher_set_iv(&operation, input, 16));
    must(psa_cipher_update(&operation, input, 64, output, sizeof output, &length));
    must(psa_cipher_finish(&operation, output, sizeof output, &length));
}

static void cipher_one_call(void)
{
    must(psa_cipher_decrypt(aes_ctr, PSA_ALG_CTR, input, 64, output, sizeof output, &length));
}

static void hkdf(void)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    must(psa_key_derivation_setup(&operation, PSA_ALG_HKDF(PSA_ALG_SHA_256)));
    must(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, input, 32));
    must(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, derive));
    must(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, input, 16));
    must(psa_key_derivation_output_bytes(&operation, output, 32));
    must(psa_key_derivation_abort(&operation));
}

static void sign_p256(void)
{
    must(psa_sign_hash(p256, PSA_ALG_ECDSA(PSA_ALG_SHA_256), input, 32, output, sizeof output, &length));
}

static void sign_ed25519(void)
{
    must(psa_sign_message(ed25519, PSA_ALG_PURE_EDDSA, input, 64, output, sizeof output, &length));
}

static void generate_and_destroy(void)
{
    must(psa_destroy_key(generate(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_GCM)));
}

static const struct {
    const char *name;
    void (*call)(void);
} calls[] = {
    {"hash_16", hash_16},
    {"hash_in_parts", hash_in_parts},
    {"random_32", random_32},
    {"hmac_64", hmac_64},
    {"aead_64", aead_64},
    {"aead_in_parts", aead_in_parts},
    {"cipher_one_call", cipher_one_call},
    {"cipher_in_parts", cipher_in_parts},
    {"hkdf", hkdf},
    {"sign_p256", sign_p256},
    {"sign_ed25519", sign_ed25519},
    {"generate_and_destroy", generate_and_destroy},
};

int main(void)
{
    must(psa_crypto_init());
    aes_gcm = generate(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_GCM);
    aes_ctr = generate(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_CTR);
    hmac = generate(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE, PSA_ALG_HMAC(PSA_ALG_SHA_256));
    derive = generate(PSA_KEY_TYPE_DERIVE, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    p256 = generate(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_SIGN_HASH,
                    PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    ed25519 = generate(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 255, PSA_KEY_USAGE_SIGN_MESSAGE,
                       PSA_ALG_PURE_EDDSA);
    for (size_t call = 0; call < sizeof calls / sizeof calls[0]; call++) {
        for (int count = 0; count < WARM_UP; count++)
            calls[call].call();
        CALLGRIND_ZERO_STATS;
        for (int count = 0; count < TIMES; count++)
            calls[call].call();
        CALLGRIND_DUMP_STATS_AT(calls[call].name);
    }
    return 0;
}
