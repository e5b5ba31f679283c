/* What does not belong together any more between the key store and the device is found and repaired one thing at a time,
 * in phases with orphans.py between them: somebody deletes an object, and an older copy of the key store is restored. */
#include "check.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define MOST 64
/* More keys of which the older store and the device know different ones, as many on either side. */
#define MORE ((psa_key_id_t)TORTURE(2, 25))
#define OLD_KEY ((psa_key_id_t)100)
#define NEW_KEY ((psa_key_id_t)200)

struct orphans {
    size_t count;
    char names[MOST][200];
};

static int keeps_objects(void)
{
    return strcmp(place(), "swtpm") != 0;
}

static void make_key(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, PSA_KEY_USAGE_SIGN_HASH, ECDSA);
    psa_set_key_id(&attributes, id);
    MUST_SUCCEED(psa_generate_key(&attributes, &id));
    CHECK_BACKEND(id, place_backend());
}

static psa_status_t use(psa_key_id_t id)
{
    uint8_t hash[32] = {1}, signature[64];
    size_t length;
    return psa_sign_hash(id, ECDSA, hash, sizeof hash, signature, sizeof signature, &length);
}

static int note(void *context, const char *orphan, const char *text)
{
    struct orphans *orphans = (struct orphans *)context;
    MUST(orphans->count < MOST);
    CHECK(strlen(text) > 10);
    snprintf(orphans->names[orphans->count++], sizeof orphans->names[0], "%s", orphan);
    return 0;
}

static struct orphans list(void)
{
    struct orphans orphans;
    memset(&orphans, 0, sizeof orphans);
    CHECK_STATUS(parsec_list_orphans(note, &orphans), PSA_SUCCESS);
    return orphans;
}

static int has(const struct orphans *orphans, const char *name)
{
    size_t i, found = 0;
    for (i = 0; i < orphans->count; i++) {
        found += strncmp(orphans->names[i], name, strlen(name)) == 0;
    }
    return (int)found;
}

static void make(void)
{
    char backup[600];
    psa_key_id_t id;
    for (id = 1; id <= 3; id++) {
        make_key(id);
    }
    for (id = OLD_KEY; id < OLD_KEY + MORE; id++) {
        make_key(id);
    }
    CHECK(list().count == 0);
    snprintf(backup, sizeof backup, "%s/backup.db", from_fixture("PARSEC_TEST_SCRATCH"));
    MUST_SUCCEED(parsec_back_up(backup));
}

/* The object of key 2 has been deleted, where the device has any. */
static void deleted(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    struct orphans orphans = list();
    psa_key_id_t i;
    CHECK_STATUS(use(1), PSA_SUCCESS);
    CHECK_STATUS(parsec_repair("key:1"), PSA_ERROR_DOES_NOT_EXIST);
    CHECK_STATUS(parsec_repair("key:77"), PSA_ERROR_DOES_NOT_EXIST);
    CHECK_STATUS(parsec_repair("anything"), PSA_ERROR_INVALID_ARGUMENT);
    if (keeps_objects()) {
        CHECK(orphans.count == 1 && has(&orphans, "key:2") == 1);
        CHECK_STATUS(use(2), PSA_ERROR_DOES_NOT_EXIST);
        CHECK_STATUS(psa_get_key_attributes(2, &attributes), PSA_SUCCESS);
        CHECK_STATUS(parsec_repair("key:2"), PSA_SUCCESS);
        CHECK_STATUS(parsec_repair("key:2"), PSA_ERROR_DOES_NOT_EXIST);
        CHECK_STATUS(psa_get_key_attributes(2, &attributes), PSA_ERROR_INVALID_HANDLE);
    } else {
        CHECK(orphans.count == 0);
    }
    CHECK(list().count == 0);
    CHECK_STATUS(use(1), PSA_SUCCESS);
    CHECK_STATUS(use(3), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(3), PSA_SUCCESS);
    make_key(4);
    make_key(5);
    for (i = 0; i < MORE; i++) {
        CHECK_STATUS(psa_destroy_key(OLD_KEY + i), PSA_SUCCESS);
        make_key(NEW_KEY + i);
    }
}

/* The store is that of the backup: it has keys 1, 2 and 3, and the device the objects of 1, 4 and 5; and more of either. */
static void restored(void)
{
    struct orphans orphans = list();
    size_t i;
    if (!keeps_objects()) {
        /* A key of a TPM is in the store with all that there is of it: it comes back, as docs/security.md says. */
        CHECK(orphans.count == 0);
        CHECK_STATUS(use(2), PSA_SUCCESS);
        CHECK_STATUS(use(3), PSA_SUCCESS);
        CHECK_STATUS(use(4), PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(parsec_repair("key:3"), PSA_ERROR_DOES_NOT_EXIST);
        return;
    }
    CHECK(orphans.count == 4 + 2 * MORE && has(&orphans, "key:") == 2 + (int)MORE && has(&orphans, "object:") == 2 + (int)MORE);
    CHECK(has(&orphans, "key:2") == 1 && has(&orphans, "key:3") == 1);
    for (i = 0; i < orphans.count; i++) {
        struct orphans left;
        CHECK_STATUS(parsec_repair(orphans.names[i]), PSA_SUCCESS);
        left = list();
        CHECK(left.count == orphans.count - i - 1 && has(&left, orphans.names[i]) == 0);
        CHECK_STATUS(parsec_repair(orphans.names[i]), PSA_ERROR_DOES_NOT_EXIST);
        CHECK_STATUS(use(1), PSA_SUCCESS);
    }
    printf("%s: %lu orphans, each repaired alone\n", place(), (unsigned long)orphans.count);
    CHECK_STATUS(use(2), PSA_ERROR_INVALID_HANDLE);
    make_key(2);
    CHECK_STATUS(use(2), PSA_SUCCESS);
    CHECK(list().count == 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } phases[] = {{"make", make}, {"deleted", deleted}, {"restored", restored}};
    size_t i;
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; argc == 2 && i < COUNT_OF(phases); i++) {
        if (strcmp(argv[1], phases[i].name) == 0) {
            phases[i].run();
            return check_result();
        }
    }
    fprintf(stderr, "usage: orphans make|deleted|restored\n");
    return 2;
}
