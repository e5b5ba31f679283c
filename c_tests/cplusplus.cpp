// A C++11 program: the headers, the initialisers and one key of the place.
#include <string>

#include "check.h"

static const std::string message = "signed from C++";

static const uint8_t *bytes_of(const std::string &text)
{
    return reinterpret_cast<const uint8_t *>(text.data());
}

static void sign_and_verify()
{
    constexpr psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256,
                                                     PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    uint8_t signature[PSA_SIGN_OUTPUT_SIZE(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, alg)];
    size_t length = 0;
    psa_set_key_id(&attributes, 1);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
    CHECK_STATUS(psa_sign_message(key, alg, bytes_of(message), message.size(), signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK(length == sizeof signature);
    CHECK_STATUS(psa_verify_message(key, alg, bytes_of(message), message.size(), signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void hash()
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    uint8_t result[PSA_HASH_LENGTH(PSA_ALG_SHA_256)];
    size_t length = 0;
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_update(&operation, bytes_of("abc"), 3), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_finish(&operation, result, sizeof result, &length), PSA_SUCCESS);
    CHECK_HEX(result, length, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main()
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(sign_and_verify);
    RUN(hash);
    return check_result();
}
