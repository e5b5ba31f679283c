/* Changing what protects the key store is atomic against SIGKILL at any moment.
 *
 * A process whose configuration names another protection is killed while it changes the store, and another one, which
 * has no opinion, uses keys meanwhile. Afterwards every key works. When the change is then completed, the secrets are
 * readable in the files where nothing protects them, and in no file else: not in what the killed process has left. */
#include <dirent.h>
#include <signal.h>
#include <time.h>

#include "../configurations.h"
#include "journal.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
/* In the place. */
#define SIGNING_KEY ((psa_key_id_t)1)
/* Local ones, everywhere; enough that a change of all takes a while. */
#define FIRST_SECRET ((psa_key_id_t)100)
#define SECRETS 200u
#define SECRET_LENGTH 40

/* What the configurations say, and how many of them this place has. */
enum { NOTHING, ONE_FILE, OTHER_FILE, DEVICE, SILENT };

static const char *program;
static volatile uint32_t *changed;

/* The same bytes in every process. */
static void secret_of(unsigned number, uint8_t *secret)
{
    uint64_t state = number * 0x9e3779b97f4a7c15u + 0x1234567u;
    size_t i;
    for (i = 0; i < SECRET_LENGTH; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        secret[i] = (uint8_t)(state >> 56);
    }
}

/* ---- configurations ---- */

static const char *const configurations[] = {"nothing.toml", "one-file.toml", "other-file.toml", "device.toml", "silent.toml"};

static void configure(int which, const char *protect)
{
    write_configuration(configurations[which], protect, "[routes]\nfallback = \"software\"\n");
}

static void protect_by_file(int which, const char *name)
{
    char path[512], line[600], content[64];
    memset(content, name[0], sizeof content);
    scratch_path(path, sizeof path, name);
    write_private_file(path, content, sizeof content);
    snprintf(line, sizeof line, "protect = { file = \"%s\" }", path);
    configure(which, line);
}

static void write_configurations(void)
{
    char line[100];
    configure(SILENT, "");
    configure(NOTHING, "protect = \"none\"");
    protect_by_file(ONE_FILE, "one-secret");
    protect_by_file(OTHER_FILE, "other-secret");
    if (in_device()) {
        snprintf(line, sizeof line, "protect = \"%s\"", place_backend());
        configure(DEVICE, line);
    }
}

/* ---- what the processes do ---- */

static void begin(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key;
    unsigned i;
    psa_set_key_id(&attributes, SIGNING_KEY);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
    attributes = key_attributes(PSA_KEY_TYPE_PASSWORD, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256));
    for (i = 0; i < SECRETS; i++) {
        uint8_t secret[SECRET_LENGTH];
        secret_of(i, secret);
        psa_set_key_id(&attributes, FIRST_SECRET + i);
        MUST_SUCCEED(psa_import_key(&attributes, secret, sizeof secret, &key));
        CHECK_BACKEND(key, "software");
    }
}

static void check_secret(unsigned number)
{
    uint8_t secret[SECRET_LENGTH], exported[SECRET_LENGTH];
    size_t length = 0;
    secret_of(number, secret);
    CHECK_STATUS(psa_export_key(FIRST_SECRET + number, exported, sizeof exported, &length), PSA_SUCCESS);
    CHECK(length == sizeof secret && memcmp(exported, secret, sizeof secret) == 0);
}

static int count_key(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)attributes;
    (void)backend;
    ++*(unsigned *)context;
    return 0;
}

static void everything_works(void)
{
    uint8_t signature[64];
    unsigned i, keys = 0;
    size_t length;
    for (i = 0; i < SECRETS && check_failures == 0; i++) {
        check_secret(i);
    }
    CHECK_STATUS(psa_sign_message(SIGNING_KEY, ECDSA, (const uint8_t *)"x", 1, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(SIGNING_KEY, ECDSA, (const uint8_t *)"x", 1, signature, length), PSA_SUCCESS);
    CHECK_STATUS(parsec_list_keys(count_key, &keys), PSA_SUCCESS);
    CHECK(keys == SECRETS + 1);
}

static void change_and_use(void)
{
    unsigned i;
    check_secret(0);
    *changed = 1;
    for (i = 0; check_failures == 0; i++) {
        check_secret(i % SECRETS);
    }
}

static void look_on(void)
{
    unsigned i;
    for (i = 0; i < 2 * SECRETS && check_failures == 0; i++) {
        check_secret(i % SECRETS);
    }
}

/* ---- the one who kills ---- */

/* How many secrets stand in the files of the key store. */
static unsigned secrets_in_files(void)
{
    char directory[512], path[800];
    struct dirent *entry;
    uint8_t found[SECRETS] = {0};
    unsigned i, count = 0;
    DIR *files;
    scratch_path(directory, sizeof directory, "keys");
    files = opendir(directory);
    MUST(files != NULL);
    while ((entry = readdir(files)) != NULL) {
        static uint8_t content[4 << 20];
        size_t length, at;
        FILE *file;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        file = fopen(path, "rb");
        if (file == NULL) {
            continue;
        }
        length = fread(content, 1, sizeof content, file);
        MUST(length < sizeof content);
        fclose(file);
        for (i = 0; i < SECRETS; i++) {
            uint8_t secret[SECRET_LENGTH];
            secret_of(i, secret);
            for (at = 0; at + SECRET_LENGTH <= length && !found[i]; at++) {
                found[i] = content[at] == secret[0] && memcmp(content + at, secret, SECRET_LENGTH) == 0;
            }
        }
    }
    closedir(files);
    for (i = 0; i < SECRETS; i++) {
        count += found[i];
    }
    return count;
}

static pid_t start(const char *role, int which)
{
    pid_t child = forked();
    if (child == 0) {
        use_configuration(configurations[which]);
        execl(program, program, role, (char *)NULL);
        _exit(127);
    }
    return child;
}

static int went_well(pid_t child)
{
    return exit_status(child) == 0;
}

static void kill_once(int target, unsigned *interrupted)
{
    const int alone = strcmp(place(), "swtpm") == 0;
    struct timespec moment = {0, (long)((unsigned)rand() % 60000u) * 1000};
    pid_t writer, onlooker = 0;
    int state;
    *changed = 0;
    if (!alone) {
        onlooker = start("look-on", SILENT);
    }
    writer = start("change", target);
    nanosleep(&moment, NULL);
    *interrupted += *changed == 0;
    CHECK(kill(writer, SIGKILL) == 0);
    state = end_of(writer);
    CHECK(WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL);
    CHECK(alone || went_well(onlooker));
    CHECK(went_well(start("use", SILENT)));
    CHECK(went_well(start("use", target)));
    CHECK(secrets_in_files() == (target == NOTHING ? SECRETS : 0));
}

static void kill_again_and_again(void)
{
    const unsigned rounds = TORTURE(16, 500);
    const int last = in_device() ? DEVICE : OTHER_FILE;
    unsigned round, interrupted = 0;
    int current = NOTHING;
    write_configurations();
    MUST(went_well(start("begin", SILENT)));
    for (round = 0; round < rounds && check_failures == 0; round++) {
        /* In turn at first, then at random. */
        int target = round < 8 ? (current + 1) % (last + 1) : (current + 1 + rand() % last) % (last + 1);
        kill_once(target, &interrupted);
        if (check_failures > 0) {
            fprintf(stderr, "round %u: from %d to %d\n", round, current, target);
        }
        current = target;
    }
    printf("%s: %u processes killed that changed the protection, %u of them before it was done\n", place(), round,
           interrupted);
    CHECK(interrupted > 0);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } roles[] = {{"begin", begin}, {"change", change_and_use}, {"look-on", look_on}, {"use", everything_works}};
    char path[512];
    size_t i;
    scratch_path(path, sizeof path, "protect-journal");
    changed = &open_journal(path)->ready;
    program = argv[0];
    srand(1234);
    if (argc < 2) {
        kill_again_and_again();
        return check_result();
    }
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; i < COUNT_OF(roles); i++) {
        if (strcmp(argv[1], roles[i].name) == 0) {
            roles[i].run();
        }
    }
    return check_result();
}
