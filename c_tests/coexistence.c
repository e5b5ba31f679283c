/* Beside Mbed TLS in one process: libparsec signs and Mbed TLS hashes. Its psa_sign_hash() knows no such key, so a
 * call that reached it would fail. */
#include "check.h"
#include "mbedtls_side.h"

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)

static const uint8_t message[] = {'a', 'b', 'c'};

static void sign_with_libparsec_hash_with_mbed_tls(void)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256,
                                                     PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_MESSAGE, ECDSA);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    uint8_t hash[32], signature[64];
    size_t length;
    MUST_SUCCEED(psa_crypto_init());
    psa_set_key_id(&attributes, 1);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
    CHECK(mbedtls_tls_works() == 0);
    CHECK(mbedtls_sha256_of(message, sizeof message, hash) == 0);
    CHECK_HEX(hash, sizeof hash, ABC);
    CHECK_STATUS(psa_sign_hash(key, ECDSA, hash, sizeof hash, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(key, ECDSA, message, sizeof message, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

int main(void)
{
    RUN(sign_with_libparsec_hash_with_mbed_tls);
    return check_result();
}
