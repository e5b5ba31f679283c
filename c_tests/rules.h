/* What the rules of keys and those of operations share: see rules.c. */
#ifndef RULES_H
#define RULES_H

#include "check.h"

#define AES PSA_KEY_TYPE_AES
#define DERIVE PSA_KEY_TYPE_DERIVE
#define HKDF PSA_ALG_HKDF(PSA_ALG_SHA_256)
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define RSA PSA_KEY_TYPE_RSA_KEY_PAIR
#define SECRET "000102030405060708090a0b0c0d0e0f"

static inline void destroy(psa_key_id_t key)
{
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* What makes no key leaves no identifier. */
#define CHECK_NO_KEY(call, key, expected)          \
    do {                                           \
        (key) = 77;                                \
        CHECK_STATUS(call, expected);              \
        CHECK((key) == PSA_KEY_ID_NULL);           \
    } while (0)

/* Chapter 9. */
void rules_of_keys(void);

#endif
