/* The ways in which a persistent key comes and goes. */
#ifndef CHANGES_H
#define CHANGES_H

#include "derived.h"

#define LASTING_KEY ((psa_key_id_t)1)
#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)

static const uint8_t material[32] = {'f', 'a', 'u', 'l', 't'};

static psa_key_attributes_t hmac_attributes(psa_key_id_t id)
{
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_COPY, HMAC);
    psa_set_key_id(&attributes, id);
    return attributes;
}

static psa_status_t import(psa_key_id_t id)
{
    psa_key_attributes_t attributes = hmac_attributes(id);
    psa_key_id_t key;
    return psa_import_key(&attributes, material, sizeof material, &key);
}

static psa_status_t generate(psa_key_id_t id)
{
    psa_key_attributes_t attributes = hmac_attributes(id);
    psa_key_id_t key;
    return psa_generate_key(&attributes, &key);
}

/* Of the lasting key. */
static psa_status_t copy(psa_key_id_t id)
{
    psa_key_attributes_t attributes = hmac_attributes(id);
    psa_key_id_t key;
    return psa_copy_key(LASTING_KEY, &attributes, &key);
}

static psa_status_t derive(psa_key_id_t id)
{
    psa_key_attributes_t attributes = hmac_attributes(id);
    return derive_key(&attributes);
}

static const struct {
    const char *name;
    psa_status_t (*call)(psa_key_id_t);
    /* The key is there before, or afterwards. */
    int there_before;
} changes[] = {
    {"importing", import, 0},
    {"generating", generate, 0},
    {"copying", copy, 0},
    {"deriving", derive, 0},
    {"destroying", psa_destroy_key, 1},
};

/* 1 where the key is there and works, 0 where it is wholly absent. */
static int is_there(psa_key_id_t id)
{
    uint8_t mac[32];
    size_t length;
    psa_status_t status = psa_mac_compute(id, HMAC, material, 1, mac, sizeof mac, &length);
    if (status == PSA_ERROR_INVALID_HANDLE) {
        return 0;
    }
    CHECK_STATUS(status, PSA_SUCCESS);
    return 1;
}

#endif
