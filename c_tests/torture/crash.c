/* Creating, importing, copying, deriving and destroying persistent keys is atomic against SIGKILL at any moment.
 *
 * A writer works until it is killed; another process opens the store meanwhile; then a third one looks at everything:
 * a key that was reported as created works and is the one it was, one that was reported as destroyed is gone, one that
 * was being made or destroyed is wholly there or wholly absent. There is no object without a key and no key without an
 * object, as the library says and as tools say that look into the device from outside. */
#include <signal.h>
#include <time.h>

#include "derived.h"
#include "journal.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define FIRST_KEY ((psa_key_id_t)100)
/* It is there from the beginning to the end; copies are made of it, and who looks on uses it. */
#define LASTING_KEY ((psa_key_id_t)1)

static const uint8_t message[] = {'t', 'o', 'r', 't', 'u', 'r', 'e'};
static struct journal *journal;
static const char *program, *journal_path;

static int is_signing(psa_key_id_t key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
    return psa_get_key_type(&attributes) == P256;
}

/* SoftHSM 2.6 writes its token file anew, in place, with each login: who is killed meanwhile destroys the token. So there a
 * writer is killed after its login. */
static int login_is_fragile(void)
{
    return strcmp(place(), "softhsm") == 0;
}

/* ---- the writer ---- */

/* Imported, unless `scalar` is null, which then says with what. */
static psa_status_t make_signing(psa_key_id_t id, uint8_t *scalar)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN | PSA_KEY_USAGE_COPY, ECDSA);
    psa_key_id_t key;
    size_t i;
    psa_set_key_id(&attributes, id);
    if (scalar == NULL) {
        return psa_generate_key(&attributes, &key);
    }
    MUST_SUCCEED(psa_generate_random(scalar, 32));
    for (i = 0; i < 4; i++) {
        scalar[i] = 0x55; /* below the order of the curve */
    }
    return psa_import_key(&attributes, scalar, 32, &key);
}

static psa_status_t make_copy(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key;
    psa_set_key_id(&attributes, id);
    return psa_copy_key(LASTING_KEY, &attributes, &key);
}

static psa_status_t make_derived(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_HMAC, 256, SIGN, HMAC);
    psa_set_key_id(&attributes, id);
    return derive_key(&attributes);
}

/* What only the holder of this very key can show. */
static void prove(psa_key_id_t key, uint8_t *proof, size_t *length)
{
    if (is_signing(key)) {
        MUST_SUCCEED(psa_export_public_key(key, proof, 65, length));
    } else {
        MUST_SUCCEED(psa_mac_compute(key, HMAC, message, sizeof message, proof, 65, length));
    }
}

static void create(struct entry *entry, psa_key_id_t id, enum origin origin)
{
    psa_status_t status;
    size_t length;
    entry->origin = origin;
    set_state(entry, IN_CREATION);
    switch (origin) {
    case COPIED:
        /* Until SoftHSM has given it its own, a copy has the source's identifier: killed then, the source is there
         * twice. See docs/architecture.md. */
        status = login_is_fragile() ? PSA_ERROR_NOT_SUPPORTED : make_copy(id);
        break;
    case DERIVED:
        status = make_derived(id);
        break;
    default:
        status = make_signing(id, origin == IMPORTED ? entry->material : NULL);
    }
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        journal->refused[origin]++;
        set_state(entry, ABSENT);
        return;
    }
    MUST_SUCCEED(status);
    prove(id, entry->proof, &length);
    entry->proof_length = (uint32_t)length;
    set_state(entry, PRESENT);
    journal->made[origin]++;
}

static void destroy(struct entry *entry, psa_key_id_t id)
{
    set_state(entry, IN_DESTRUCTION);
    MUST_SUCCEED(psa_destroy_key(id));
    set_state(entry, ABSENT);
    journal->destroyed++;
}

static void write_until_killed(unsigned seed)
{
    MUST_SUCCEED(psa_crypto_init());
    for (;;) {
        size_t number;
        seed = seed * 1103515245u + 12345u;
        number = (seed >> 16) % JOURNAL_KEYS;
        if (journal->keys[number].state == ABSENT) {
            create(&journal->keys[number], FIRST_KEY + (psa_key_id_t)number, (enum origin)((seed >> 24) % ORIGINS));
        } else {
            destroy(&journal->keys[number], FIRST_KEY + (psa_key_id_t)number);
        }
        /* Where nothing was made, the device may not have been reached yet. */
        journal->ready = journal->keys[number].state == PRESENT ? 1 : journal->ready;
    }
}

/* ---- who looks on ---- */

static int never_an_orphan(void *context, const char *orphan, const char *text)
{
    (void)context;
    /* What a dead process began may be listed until it is settled. */
    if (strncmp(orphan, "interrupted:", 12) != 0) {
        fprintf(stderr, "orphan %s: %s\n", orphan, text);
        check_failures++;
    }
    return 0;
}

static int count_key(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)backend;
    CHECK(psa_get_key_lifetime(attributes) == PSA_KEY_LIFETIME_PERSISTENT);
    ++*(size_t *)context;
    return 0;
}

static int only_one_process_at_a_time(void)
{
    return strcmp(place(), "swtpm") == 0;
}

static void sign_with(psa_key_id_t key, const uint8_t *public_key, size_t public_length)
{
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_VERIFY_MESSAGE, ECDSA);
    uint8_t signature[64];
    size_t length;
    psa_key_id_t verifier;
    CHECK_STATUS(psa_sign_message(key, ECDSA, message, sizeof message, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    MUST_SUCCEED(psa_import_key(&attributes, public_key, public_length, &verifier));
    CHECK_STATUS(psa_verify_message(verifier, ECDSA, message, sizeof message, signature, length), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(verifier), PSA_SUCCESS);
}

static void look_on(void)
{
    uint8_t public_key[65];
    size_t length, keys = 0;
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(parsec_list_keys(count_key, &keys), PSA_SUCCESS);
    CHECK(keys >= 1);
    CHECK_STATUS(psa_export_public_key(LASTING_KEY, public_key, sizeof public_key, &length), PSA_SUCCESS);
    if (only_one_process_at_a_time()) {
        return;
    }
    CHECK_STATUS(parsec_list_orphans(never_an_orphan, NULL), PSA_SUCCESS);
    sign_with(LASTING_KEY, public_key, length);
}

/* ---- who looks afterwards ---- */

static int works(const struct entry *entry, psa_key_id_t key)
{
    uint8_t proof[65];
    size_t length;
    prove(key, proof, &length);
    if (is_signing(key)) {
        sign_with(key, proof, length);
    }
    return length == entry->proof_length && memcmp(proof, entry->proof, length) == 0;
}

static void check_entry(struct entry *entry, psa_key_id_t id)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_status_t found = psa_get_key_attributes(id, &attributes);
    size_t length;
    switch (entry->state) {
    case PRESENT:
        CHECK_STATUS(found, PSA_SUCCESS);
        CHECK(found == PSA_SUCCESS && works(entry, id));
        break;
    case ABSENT:
        CHECK_STATUS(found, PSA_ERROR_INVALID_HANDLE);
        break;
    default:
        /* Either of the two, but wholly. */
        if (found == PSA_SUCCESS) {
            prove(id, entry->proof, &length);
            entry->proof_length = (uint32_t)length;
            CHECK(works(entry, id));
            set_state(entry, PRESENT);
        } else {
            CHECK_STATUS(found, PSA_ERROR_INVALID_HANDLE);
            set_state(entry, ABSENT);
        }
    }
    if (check_failures > 0) {
        fprintf(stderr, "key %u (%s)\n", (unsigned)id, origin_names[entry->origin]);
    }
}

static int any_orphan(void *context, const char *orphan, const char *text)
{
    (void)context;
    fprintf(stderr, "orphan %s: %s\n", orphan, text);
    check_failures++;
    return 0;
}

static void look_afterwards(void)
{
    size_t i, keys = 0, expected = 1;
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; i < JOURNAL_KEYS; i++) {
        check_entry(&journal->keys[i], FIRST_KEY + (psa_key_id_t)i);
        expected += journal->keys[i].state == PRESENT;
    }
    CHECK_BACKEND(LASTING_KEY, place_backend());
    CHECK_STATUS(parsec_list_keys(count_key, &keys), PSA_SUCCESS);
    CHECK(keys == expected);
    CHECK_STATUS(parsec_list_orphans(any_orphan, NULL), PSA_SUCCESS);
}

/* The number that a command prints. */
static unsigned long number_from(const char *command)
{
    unsigned long number = 0;
    FILE *output = popen(command, "r");
    MUST(output != NULL);
    CHECK(fscanf(output, "%lu", &number) == 1);
    CHECK(pclose(output) == 0);
    return number;
}

/* What the device's own tools see: as many keys as in the journal. What SoftHSM had not given a name yet when it was
 * killed is nobody's, and no key. (A TPM keeps none; that what a killed process left in
 * its slots blocks nobody was shown by using it.) */
static void look_from_outside(void)
{
    char command[1024];
    size_t i, expected = 1;
    for (i = 0; i < JOURNAL_KEYS; i++) {
        expected += journal->keys[i].state == PRESENT;
    }
    if (strcmp(place(), "softhsm") == 0) {
        snprintf(command, sizeof command,
                 "pkcs11-tool --module '%s' --token-label parsec-test --login --pin \"$(cat '%s/pin')\" -O 2>/dev/null |"
                 " awk '/ Key Object/ { kind = $1 } /label: +parsec:/ && kind != \"Public\" { keys++ } END { print keys + 0 }'",
                 from_fixture("PARSEC_TEST_MODULE"), from_fixture("PARSEC_TEST_SCRATCH"));
        CHECK(number_from(command) == expected);
    }
}

/* 1 where a file of the key store has these bytes. */
static int in_store(const uint8_t *bytes, size_t length)
{
    static const char *const names[] = {"keys.db", "keys.db-wal", "keys.db-shm", "generation", "owners"};
    static uint8_t content[4 << 20];
    size_t i, at, got;
    for (i = 0; i < COUNT_OF(names); i++) {
        char path[512];
        FILE *file;
        snprintf(path, sizeof path, "%s/keys/%s", from_fixture("PARSEC_TEST_SCRATCH"), names[i]);
        file = fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        got = fread(content, 1, sizeof content, file);
        MUST(got < sizeof content);
        fclose(file);
        for (at = 0; at + length <= got; at++) {
            if (content[at] == bytes[0] && memcmp(content + at, bytes, length) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

/* Material that is in no key: destroyed, or in a creation that did not come about. The next process that opened the
 * store has taken it out of database and log. */
static void look_for_remains(void)
{
    static const uint8_t none[32];
    size_t i;
    for (i = 0; i < JOURNAL_KEYS; i++) {
        const struct entry *entry = &journal->keys[i];
        if (memcmp(entry->material, none, sizeof none) == 0) {
            continue;
        }
        if (entry->state != PRESENT || entry->origin != IMPORTED) {
            CHECK(!in_store(entry->material, 24));
        } else if (!in_device()) {
            CHECK(in_store(entry->material, 24));
        }
    }
}

/* ---- the one who kills ---- */

static pid_t start(const char *role, unsigned seed)
{
    char number[16];
    pid_t child = forked();
    if (child == 0) {
        snprintf(number, sizeof number, "%u", seed);
        execl(program, program, role, journal_path, number, (char *)NULL);
        _exit(127);
    }
    return child;
}

static int went_well(pid_t child)
{
    return exit_status(child) == 0;
}

static void wait_microseconds(long microseconds)
{
    struct timespec time;
    time.tv_sec = microseconds / 1000000;
    time.tv_nsec = microseconds % 1000000 * 1000;
    nanosleep(&time, NULL);
}

static void kill_once(unsigned round)
{
    pid_t onlooker, writer;
    int state, waited = 0;
    journal->ready = 0;
    writer = start("write", round * 7919u + 17u);
    onlooker = start("look-on", 0);
    /* Every fourth dies while it sets up, the others in the midst of their work. */
    while ((round % 4 != 0 || login_is_fragile()) && !journal->ready && waited++ < 20000 &&
           waitpid(writer, &state, WNOHANG) == 0) {
        wait_microseconds(500);
    }
    wait_microseconds((long)((unsigned)rand() % 60000u));
    CHECK(kill(writer, SIGKILL) == 0);
    if (waitpid(writer, &state, 0) == writer) {
        CHECK(WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL);
    } else {
        CHECK(!"the writer ended by itself");
    }
    CHECK(went_well(onlooker));
    CHECK(went_well(start("look-afterwards", 0)));
    look_from_outside();
    look_for_remains();
}

static void kill_again_and_again(void)
{
    const unsigned rounds = TORTURE(50, 1000);
    unsigned round;
    enum origin origin;
    MUST(went_well(start("begin", 0)));
    for (round = 0; round < rounds && check_failures == 0; round++) {
        kill_once(round);
    }
    printf("%s: %u processes killed; destroyed %lu;", place(), round, (unsigned long)journal->destroyed);
    for (origin = GENERATED; origin < ORIGINS; origin++) {
        printf(" %s %lu%s", origin_names[origin], (unsigned long)journal->made[origin],
               journal->refused[origin] > 0 ? " (not tried or not supported here)" : "");
    }
    printf("\n");
    CHECK(journal->made[GENERATED] > 0 && journal->destroyed > 0);
}

int main(int argc, char **argv)
{
    char path[512];
    snprintf(path, sizeof path, "%s/journal", from_fixture("PARSEC_TEST_SCRATCH"));
    program = argv[0];
    journal_path = argc > 2 ? argv[2] : path;
    journal = open_journal(journal_path);
    srand(4711);
    if (argc < 4) {
        kill_again_and_again();
    } else if (strcmp(argv[1], "begin") == 0) {
        MUST_SUCCEED(psa_crypto_init());
        MUST_SUCCEED(make_signing(LASTING_KEY, NULL));
    } else if (strcmp(argv[1], "write") == 0) {
        write_until_killed((unsigned)strtoul(argv[3], NULL, 10));
    } else if (strcmp(argv[1], "look-on") == 0) {
        look_on();
    } else {
        look_afterwards();
    }
    return check_result();
}
