/* Asymmetric encryption: PSA 1.5, section 10.10. */
#include "check.h"
#include "openssl.h"

#define BOTH (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)
#define OAEP PSA_ALG_RSA_OAEP(PSA_ALG_SHA_256)
#define TEXT "a text for its owner"

static const uint8_t *const text = (const uint8_t *)TEXT;
static const size_t text_length = sizeof TEXT - 1;

static psa_key_id_t openssl_key(psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RSA_KEY_PAIR, 0, BOTH, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    struct bytes pair;
    pair.length = read_file("pair.der", pair.data, sizeof pair.data);
    MUST_SUCCEED(psa_import_key(&attributes, pair.data, pair.length, &key));
    return key;
}

/* Each side decrypts what the other encrypted. */
static void agrees_with_openssl(void)
{
    const struct {
        psa_algorithm_t alg;
        const char *encrypt, *decrypt;
    } ways[] = {
        {PSA_ALG_RSA_PKCS1V15_CRYPT, "pkeyutl -encrypt -pubin -inkey public.pem -in text -out sealed",
         "pkeyutl -decrypt -inkey pair.pem -in sealed -out opened"},
        {OAEP,
         "pkeyutl -encrypt -pubin -inkey public.pem -in text -out sealed -pkeyopt rsa_padding_mode:oaep "
         "-pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256",
         "pkeyutl -decrypt -inkey pair.pem -in sealed -out opened -pkeyopt rsa_padding_mode:oaep "
         "-pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256"},
    };
    size_t i;
    MUST(openssl("genrsa -traditional -out pair.pem 2048"));
    MUST(openssl("rsa -traditional -in pair.pem -outform DER -out pair.der"));
    MUST(openssl("rsa -in pair.pem -pubout -out public.pem"));
    write_file("text", text, text_length);
    for (i = 0; i < COUNT_OF(ways); i++) {
        psa_key_id_t key = openssl_key(ways[i].alg);
        struct bytes sealed, opened;
        MUST(openssl(ways[i].encrypt));
        sealed.length = read_file("sealed", sealed.data, sizeof sealed.data);
        CHECK_STATUS(psa_asymmetric_decrypt(key, ways[i].alg, sealed.data, sealed.length, NULL, 0, opened.data,
                                            sizeof opened.data, &opened.length),
                     PSA_SUCCESS);
        CHECK(opened.length == text_length && memcmp(opened.data, text, text_length) == 0);

        CHECK_STATUS(psa_asymmetric_encrypt(key, ways[i].alg, text, text_length, NULL, 0, sealed.data,
                                            sizeof sealed.data, &sealed.length),
                     PSA_SUCCESS);
        CHECK(sealed.length == PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, ways[i].alg));
        write_file("sealed", sealed.data, sealed.length);
        CHECK(openssl(ways[i].decrypt));
        opened.length = read_file("opened", opened.data, sizeof opened.data);
        CHECK(opened.length == text_length && memcmp(opened.data, text, text_length) == 0);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void a_label_binds(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, BOTH, OAEP);
    const uint8_t label[] = {'f', 'o', 'r', ' ', 'y', 'o', 'u'};
    uint8_t sealed[256], opened[256];
    size_t sealed_length, length;
    CHECK_STATUS(psa_asymmetric_encrypt(key, OAEP, text, text_length, label, sizeof label, sealed, sizeof sealed,
                                        &sealed_length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_asymmetric_decrypt(key, OAEP, sealed, sealed_length, label, sizeof label, opened, sizeof opened,
                                        &length),
                 PSA_SUCCESS);
    CHECK(length == text_length && memcmp(opened, text, text_length) == 0);
    CHECK_STATUS(psa_asymmetric_decrypt(key, OAEP, sealed, sealed_length, label, sizeof label - 1, opened,
                                        sizeof opened, &length),
                 PSA_ERROR_INVALID_PADDING);
    CHECK(length == 0);
    CHECK_STATUS(psa_asymmetric_decrypt(key, OAEP, sealed, sealed_length, label, sizeof label, opened,
                                        text_length - 1, &length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void lengths_that_do_not_fit(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 1024, BOTH, OAEP);
    const size_t longest = 128 - 2 * 32 - 2;
    uint8_t plain[128] = {0}, sealed[128];
    size_t length;
    CHECK_STATUS(psa_asymmetric_encrypt(key, OAEP, plain, longest, NULL, 0, sealed, sizeof sealed, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_asymmetric_encrypt(key, OAEP, plain, longest + 1, NULL, 0, sealed, sizeof sealed, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_asymmetric_encrypt(key, OAEP, plain, 1, NULL, 0, sealed, sizeof sealed - 1, &length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_asymmetric_decrypt(key, OAEP, sealed, sizeof sealed - 1, NULL, 0, plain, sizeof plain, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void a_public_key_only_encrypts(void)
{
    psa_key_id_t pair = generate_key(PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, BOTH, OAEP), public_key = PSA_KEY_ID_NULL;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 0, BOTH, OAEP);
    uint8_t material[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE], sealed[256], opened[256];
    size_t length;
    MUST_SUCCEED(psa_export_public_key(pair, material, sizeof material, &length));
    MUST_SUCCEED(psa_import_key(&attributes, material, length, &public_key));
    CHECK_STATUS(psa_asymmetric_encrypt(public_key, OAEP, text, text_length, NULL, 0, sealed, sizeof sealed, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_asymmetric_decrypt(public_key, OAEP, sealed, length, NULL, 0, opened, sizeof opened, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_asymmetric_decrypt(pair, OAEP, sealed, sizeof sealed, NULL, 0, opened, sizeof opened, &length),
                 PSA_SUCCESS);
    CHECK(length == text_length && memcmp(opened, text, text_length) == 0);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(public_key), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(agrees_with_openssl);
    RUN(a_label_binds);
    RUN(lengths_that_do_not_fit);
    RUN(a_public_key_only_encrypts);
    return check_result();
}
