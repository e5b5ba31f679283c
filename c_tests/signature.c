/* Signatures: PSA 1.5, section 10.9. Local keys in every place; and, where this place is a device, its own keys. */
#include "check.h"
#include "openssl.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ALL                                                                                        \
    (PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_SIGN_MESSAGE |            \
     PSA_KEY_USAGE_VERIFY_MESSAGE)
#define MESSAGE "sample"

static const uint8_t *const message = (const uint8_t *)MESSAGE;
static const size_t message_length = sizeof MESSAGE - 1;

static struct bytes sha256(void)
{
    struct bytes hash = hex("");
    MUST_SUCCEED(psa_hash_compute(PSA_ALG_SHA_256, message, message_length, hash.data, sizeof hash.data, &hash.length));
    return hash;
}

/* RFC 6979, appendix A.2, "sample"; RFC 8032, section 7.1, test 2. */
static void known_answers(void)
{
    const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        const char *key, *public_key, *text, *signature;
    } vectors[] = {
        {P256, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256),
         "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
         "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
         "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
         "73616d706c65",
         "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
         "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
        {P256, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_512),
         "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
         "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
         "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
         "73616d706c65",
         "8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00"
         "2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe"},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), PSA_ALG_PURE_EDDSA,
         "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_key_id_t key = import_key(vectors[i].type, ALL, vectors[i].alg, vectors[i].key);
        struct bytes text = hex(vectors[i].text), output;
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        CHECK_STATUS(psa_export_public_key(key, output.data, sizeof output.data, &output.length), PSA_SUCCESS);
        CHECK_HEX(output.data, output.length, vectors[i].public_key);
        CHECK_STATUS(psa_sign_message(key, vectors[i].alg, text.data, text.length, output.data, sizeof output.data,
                                      &output.length),
                     PSA_SUCCESS);
        CHECK_HEX(output.data, output.length, vectors[i].signature);
        CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
        CHECK(output.length ==
              PSA_SIGN_OUTPUT_SIZE(vectors[i].type, psa_get_key_bits(&attributes), vectors[i].alg));
        CHECK_STATUS(psa_verify_message(key, vectors[i].alg, text.data, text.length, output.data, output.length),
                     PSA_SUCCESS);
        output.data[0] ^= 1;
        CHECK_STATUS(psa_verify_message(key, vectors[i].alg, text.data, text.length, output.data, output.length),
                     PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Signs and verifies the message with a key, as message and as hash, each accepting the other's signature. */
static void sign_and_verify(psa_key_id_t key, psa_algorithm_t alg, size_t expected_length)
{
    uint8_t signature[PSA_SIGNATURE_MAX_SIZE];
    struct bytes hash = sha256();
    size_t length = 0;
    CHECK_STATUS(psa_sign_message(key, alg, message, message_length, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK(length == expected_length);
    CHECK_STATUS(psa_verify_message(key, alg, message, message_length, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_hash(key, alg, hash.data, hash.length, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(key, alg, message, message_length - 1, signature, length),
                 PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_sign_hash(key, alg, hash.data, hash.length, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK(length == expected_length);
    CHECK_STATUS(psa_verify_message(key, alg, message, message_length, signature, length), PSA_SUCCESS);
    signature[length - 1] ^= 1;
    CHECK_STATUS(psa_verify_hash(key, alg, hash.data, hash.length, signature, length), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_verify_hash(key, alg, hash.data, hash.length, signature, length - 1),
                 PSA_ERROR_INVALID_SIGNATURE);
    /* Numbers out of range: not below the order or the modulus, and zero. */
    memset(signature, 0xff, length);
    CHECK_STATUS(psa_verify_hash(key, alg, hash.data, hash.length, signature, length), PSA_ERROR_INVALID_SIGNATURE);
    memset(signature, 0, length);
    CHECK_STATUS(psa_verify_hash(key, alg, hash.data, hash.length, signature, length), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_sign_hash(key, alg, hash.data, hash.length, signature, expected_length - 1, &length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_sign_hash(key, alg, hash.data, hash.length - 1, signature, sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
}

static void elliptic_curves(void)
{
    const struct {
        psa_ecc_family_t family;
        size_t bits;
    } curves[] = {
        {PSA_ECC_FAMILY_SECP_R1, 224},       {PSA_ECC_FAMILY_SECP_R1, 256},       {PSA_ECC_FAMILY_SECP_R1, 384},
        {PSA_ECC_FAMILY_SECP_R1, 521},       {PSA_ECC_FAMILY_SECP_K1, 256},       {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 256},
        {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 384}, {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 512},
    };
    const psa_algorithm_t algs[] = {PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256)};
    size_t i, j;
    for (i = 0; i < COUNT_OF(curves); i++) {
        for (j = 0; j < COUNT_OF(algs); j++) {
            psa_key_id_t key = generate_key(PSA_KEY_TYPE_ECC_KEY_PAIR(curves[i].family), curves[i].bits, ALL, algs[j]);
            printf("  family 0x%02x, %u bits\n", curves[i].family, (unsigned)curves[i].bits);
            sign_and_verify(key, algs[j], 2 * ((curves[i].bits + 7) / 8));
            CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        }
    }
}

static void rsa(void)
{
    const psa_algorithm_t algs[] = {PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), PSA_ALG_RSA_PSS(PSA_ALG_SHA_256)};
    const size_t sizes[] = {1024, 2048, 3072};
    size_t i, j;
    for (i = 0; i < COUNT_OF(sizes); i++) {
        for (j = 0; j < COUNT_OF(algs); j++) {
            psa_key_id_t key = generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, sizes[i], ALL, algs[j]);
            sign_and_verify(key, algs[j], sizes[i] / 8);
            CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        }
    }
}

/* Signs the message with OpenSSL's key "pair.der" into the file "signature". */
static void sign_with_imported_rsa_key(psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, ALL, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    struct bytes pair, signature;
    pair.length = read_file("pair.der", pair.data, sizeof pair.data);
    MUST_SUCCEED(psa_import_key(&attributes, pair.data, pair.length, &key));
    MUST_SUCCEED(psa_sign_message(key, alg, message, message_length, signature.data, sizeof signature.data,
                                  &signature.length));
    write_file("signature", signature.data, signature.length);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void rsa_agrees_with_openssl(void)
{
    MUST(openssl("genrsa -traditional -out pair.pem 2048"));
    MUST(openssl("rsa -traditional -in pair.pem -outform DER -out pair.der"));
    MUST(openssl("rsa -in pair.pem -pubout -out public.pem"));
    write_file("message", message, message_length);

    sign_with_imported_rsa_key(PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256));
    CHECK(openssl("dgst -sha256 -verify public.pem -signature signature message"));
    sign_with_imported_rsa_key(PSA_ALG_RSA_PSS(PSA_ALG_SHA_256));
    CHECK(openssl("dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify public.pem "
                  "-signature signature message"));
}

/* The keys that this place itself holds. In a device they can be nowhere else. */
static void keys_of_the_place(void)
{
    const struct {
        psa_key_id_t id;
        psa_key_type_t type;
        size_t bits, signature;
        psa_algorithm_t alg;
    } keys[] = {
        {1, P256, 256, 64, PSA_ALG_ECDSA(PSA_ALG_SHA_256)},
        {2, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, 256, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)},
        {3, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, 256, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256)},
    };
    uint8_t public_key[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE], signature[PSA_SIGNATURE_MAX_SIZE];
    size_t i, public_length, length;
    for (i = 0; i < COUNT_OF(keys); i++) {
        psa_key_attributes_t attributes = key_attributes(keys[i].type, keys[i].bits, ALL, keys[i].alg);
        psa_key_id_t key = PSA_KEY_ID_NULL;
        psa_set_key_id(&attributes, keys[i].id);
        MUST_SUCCEED(psa_generate_key(&attributes, &key));
        CHECK(key == keys[i].id);
        CHECK_BACKEND(key, place_backend());
        sign_and_verify(key, keys[i].alg, keys[i].signature);
        CHECK_STATUS(psa_export_key(key, public_key, sizeof public_key, &public_length), PSA_ERROR_NOT_PERMITTED);
        CHECK_STATUS(psa_export_public_key(key, public_key, sizeof public_key, &public_length), PSA_SUCCESS);
        CHECK_STATUS(psa_sign_message(key, keys[i].alg, message, message_length, signature, sizeof signature, &length),
                     PSA_SUCCESS);
        CHECK(openssl_verifies(keys[i].alg, public_key, public_length, MESSAGE, signature, length));
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        CHECK_STATUS(psa_sign_message(key, keys[i].alg, message, message_length, signature, sizeof signature, &length),
                     PSA_ERROR_INVALID_HANDLE);
    }
}

/* A volatile key of this place's own location. */
static void volatile_keys_by_location(void)
{
    psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    psa_key_attributes_t attributes = key_attributes(P256, 256, ALL, alg);
    psa_key_lifetime_t lifetime =
        PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE, place_location());
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_set_key_lifetime(&attributes, lifetime);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
    CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_lifetime(&attributes) == lifetime);
    sign_and_verify(key, alg, 64);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void the_policy_of_a_key_holds(void)
{
    psa_algorithm_t alg = PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    psa_key_id_t messages = generate_key(P256, 256, PSA_KEY_USAGE_SIGN_MESSAGE, alg);
    psa_key_id_t any = generate_key(P256, 256, PSA_KEY_USAGE_SIGN_HASH, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH));
    uint8_t signature[64];
    struct bytes hash = sha256();
    size_t length;
    CHECK_STATUS(psa_sign_message(messages, alg, message, message_length, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_sign_hash(messages, alg, hash.data, hash.length, signature, sizeof signature, &length),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_verify_message(messages, alg, message, message_length, signature, sizeof signature),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_sign_message(messages, PSA_ALG_ECDSA(PSA_ALG_SHA_384), message, message_length, signature,
                                  sizeof signature, &length),
                 PSA_ERROR_NOT_PERMITTED);
    /* A usage flag for hashes is one for messages too (section 9.8.2), and a wildcard stands for each hash. */
    CHECK_STATUS(psa_sign_message(any, alg, message, message_length, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_sign_hash(any, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH), hash.data, hash.length, signature,
                               sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(messages), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(any), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers);
    RUN(elliptic_curves);
    RUN(rsa);
    RUN(rsa_agrees_with_openssl);
    RUN(keys_of_the_place);
    RUN(volatile_keys_by_location);
    RUN(the_policy_of_a_key_holds);
    return check_result();
}
