/* Key attributes and key management of one process: PSA 1.5, chapter 9. */
#include "check.h"

static void accessors(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT, zero;
    memset(&zero, 0, sizeof zero);
    CHECK(psa_get_key_id(&zero) == PSA_KEY_ID_NULL);
    CHECK(psa_get_key_lifetime(&zero) == PSA_KEY_LIFETIME_VOLATILE);
    CHECK(psa_get_key_type(&zero) == PSA_KEY_TYPE_NONE);
    CHECK(psa_get_key_bits(&zero) == 0 && psa_get_key_usage_flags(&zero) == 0);
    CHECK(psa_get_key_algorithm(&zero) == PSA_ALG_NONE);

    psa_set_key_id(&attributes, 5);
    CHECK(psa_get_key_id(&attributes) == 5);
    /* An identifier makes a volatile lifetime persistent; a volatile lifetime clears the identifier (9.6.5, 9.7.2). */
    CHECK(psa_get_key_lifetime(&attributes) == PSA_KEY_LIFETIME_PERSISTENT);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_VOLATILE);
    CHECK(psa_get_key_id(&attributes) == PSA_KEY_ID_NULL);
    psa_set_key_bits(&attributes, 4096);
    CHECK(psa_get_key_bits(&attributes) == 4096);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_DECRYPT);
    CHECK(psa_get_key_usage_flags(&attributes) == (PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_DECRYPT));
    psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
    CHECK(psa_get_key_algorithm(&attributes) == PSA_ALG_GCM);
    psa_reset_key_attributes(&attributes);
    CHECK(psa_get_key_algorithm(&attributes) == PSA_ALG_NONE);
}

static void a_key_tells_its_attributes(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_AES, 192, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_COPY, PSA_ALG_CTR);
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    CHECK(key >= PSA_KEY_ID_VENDOR_MIN && key <= PSA_KEY_ID_VENDOR_MAX);
    CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_id(&attributes) == key);
    CHECK(psa_get_key_lifetime(&attributes) == PSA_KEY_LIFETIME_VOLATILE);
    CHECK(psa_get_key_type(&attributes) == PSA_KEY_TYPE_AES && psa_get_key_bits(&attributes) == 192);
    CHECK(psa_get_key_usage_flags(&attributes) == (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_COPY));
    CHECK(psa_get_key_algorithm(&attributes) == PSA_ALG_CTR);
    CHECK_STATUS(psa_check_key_usage(key, PSA_ALG_CTR, PSA_KEY_USAGE_ENCRYPT), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(key, PSA_ALG_CTR, PSA_KEY_USAGE_DECRYPT), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_check_key_usage(key, PSA_ALG_OFB, PSA_KEY_USAGE_ENCRYPT), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void export_needs_permission(void)
{
    const char *text = "000102030405060708090a0b0c0d0e0f";
    psa_key_id_t open = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR, text);
    psa_key_id_t closed = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR, text);
    uint8_t material[16];
    size_t length;
    CHECK_STATUS(psa_export_key(open, material, sizeof material, &length), PSA_SUCCESS);
    CHECK_HEX(material, length, text);
    CHECK_STATUS(psa_export_key(open, material, 15, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_export_key(closed, material, sizeof material, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_export_public_key(open, material, sizeof material, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_destroy_key(open), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(closed), PSA_SUCCESS);
}

/* A copy may do what its source may and its own attributes allow (section 9.9.1). */
static void copies_never_gain_rights(void)
{
    psa_key_id_t source = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_key_id_t fixed = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_key_id_t copy = PSA_KEY_ID_NULL;
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_NONE, 0, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR);
    uint8_t material[16];
    size_t length;
    CHECK_STATUS(psa_copy_key(source, &attributes, &copy), PSA_SUCCESS);
    CHECK(copy != source);
    CHECK_STATUS(psa_get_key_attributes(copy, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_usage_flags(&attributes) == PSA_KEY_USAGE_ENCRYPT);
    CHECK_STATUS(psa_export_key(copy, material, sizeof material, &length), PSA_ERROR_NOT_PERMITTED);
    /* The copy outlives its source. */
    CHECK_STATUS(psa_destroy_key(source), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(copy, PSA_ALG_CTR, PSA_KEY_USAGE_ENCRYPT), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(copy), PSA_SUCCESS);

    attributes = key_attributes(PSA_KEY_TYPE_NONE, 0, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    CHECK_STATUS(psa_copy_key(fixed, &attributes, &copy), PSA_ERROR_NOT_PERMITTED);
    CHECK(copy == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_destroy_key(fixed), PSA_SUCCESS);
}

static void what_no_key_may_be(void)
{
    const struct {
        psa_key_type_t type;
        size_t bits;
        psa_status_t status;
    } keys[] = {
        {PSA_KEY_TYPE_NONE, 128, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_AES, 127, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_AES, 0, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_RSA_PUBLIC_KEY, 2048, PSA_ERROR_INVALID_ARGUMENT},
    };
    psa_key_attributes_t attributes;
    psa_key_id_t key;
    uint8_t zeros[16] = {0};
    size_t i;
    for (i = 0; i < COUNT_OF(keys); i++) {
        attributes = key_attributes(keys[i].type, keys[i].bits, 0, PSA_ALG_NONE);
        key = 77;
        CHECK_REFUSED(psa_generate_key(&attributes, &key));
        CHECK(key == PSA_KEY_ID_NULL);
    }
    /* The material decides the size; a stated size must agree. */
    attributes = key_attributes(PSA_KEY_TYPE_AES, 256, 0, PSA_ALG_NONE);
    CHECK_STATUS(psa_import_key(&attributes, zeros, sizeof zeros, &key), PSA_ERROR_INVALID_ARGUMENT);
    attributes = key_attributes(PSA_KEY_TYPE_AES, 0, 0, PSA_ALG_NONE);
    CHECK_STATUS(psa_import_key(&attributes, zeros, 15, &key), PSA_ERROR_INVALID_ARGUMENT);
    /* Zero is no private key, and this is no point. */
    attributes = key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 128, 0, PSA_ALG_NONE);
    CHECK_REFUSED(psa_import_key(&attributes, zeros, sizeof zeros, &key));
    /* Nobody has this location, and no key this persistence. */
    attributes = key_attributes(PSA_KEY_TYPE_AES, 128, 0, PSA_ALG_NONE);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(0, 0x8abcde));
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_INVALID_ARGUMENT);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(7, 0));
    psa_set_key_id(&attributes, 9);
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_NOT_SUPPORTED);
}

/* Section 9.9.1: an attached key is volatile, and local storage has none to attach. */
static void attaching(void)
{
    const uint8_t label[] = {'n', 'o', 'n', 'e'};
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256,
                                                     PSA_KEY_USAGE_SIGN_HASH, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    psa_key_id_t key = 5;
    CHECK_STATUS(psa_attach_key(&attributes, label, sizeof label, &key), PSA_ERROR_DOES_NOT_EXIST);
    CHECK(key == PSA_KEY_ID_NULL);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_PERSISTENT);
    psa_set_key_id(&attributes, 9);
    CHECK_STATUS(psa_attach_key(&attributes, label, sizeof label, &key), PSA_ERROR_INVALID_ARGUMENT);
    CHECK(key == PSA_KEY_ID_NULL);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(0, 0x8abcde));
    CHECK_STATUS(psa_attach_key(&attributes, label, sizeof label, &key), PSA_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    RUN(accessors);
    MUST_SUCCEED(psa_crypto_init());
    RUN(a_key_tells_its_attributes);
    RUN(export_needs_permission);
    RUN(copies_never_gain_rights);
    RUN(what_no_key_may_be);
    RUN(attaching);
    return check_result();
}
