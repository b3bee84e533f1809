/* From fork to exec. What goes wrong is written to the report pipe as the body of a reply, and the
 * process ends; the pipe closes silently when the exec succeeds. */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { REPORT = 3, PIDFD = 4 };   /* the descriptors that are kept beside 0, 1, 2 */

static void fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));

static void fail(int code, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct out out = {0};
    out_u8(&out, (uint8_t)code);
    out_str(&out, text);
    ssize_t written = write(REPORT, out.p, out.len);
    _exit(written > 0 ? 127 : 126);
}

static const char *fd_path(int fd) {
    static char paths[2][32];
    static int turn;
    turn = !turn;
    snprintf(paths[turn], sizeof paths[turn], "/proc/self/fd/%d", fd);
    return paths[turn];
}

/* Nothing of the agent but these descriptors may reach the container. */
static void settle(const struct stdio *io, int pidfd, int report) {
    prctl(PR_SET_DUMPABLE, 0);
    for (int i = 1; i < 32; i++) signal(i, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    int high = fcntl(report, F_DUPFD_CLOEXEC, 20), high_pid = pidfd < 0 ? -1 : fcntl(pidfd, F_DUPFD_CLOEXEC, 20);
    int fds[3];
    for (int i = 0; i < 3; i++) fds[i] = fcntl(io->tty ? io->fd[0] : io->fd[i], F_DUPFD_CLOEXEC, 20);
    for (int i = 0; i < 3; i++) dup2(fds[i], i);
    dup3(high, REPORT, O_CLOEXEC);
    if (high_pid >= 0) dup3(high_pid, PIDFD, O_CLOEXEC);
    syscall(SYS_close_range, high_pid >= 0 ? PIDFD + 1 : REPORT + 1, ~0u, 0);
    if (io->tty) ioctl(0, TIOCSCTTY, 0);
    write_file("/proc/self/oom_score_adj", "0");
    struct rlimit files = {1048576, 1048576};
    setrlimit(RLIMIT_NOFILE, &files);
    umask(022);
}

static void join_cgroup(const struct spec *spec) {
    char path[256];
    snprintf(path, sizeof path, "/sys/fs/cgroup/c/%s/cgroup.procs", spec->id);
    if (!write_file(path, "0")) fail(E_FAILED, "cgroup: %s", strerror(errno));
}

/* ---- mounts, made from outside before the root is changed ---- */

static int target(int root, const char *path, enum make make) {
    int fd = resolve(root, path, RESOLVE_IN_ROOT, make);
    if (fd < 0) fail(E_FAILED, "mount point %s: %s", path, strerror(errno));
    return fd;
}

static void put(int root, const char *type, const char *path, unsigned long flags, const char *data) {
    int fd = target(root, path, FOLDER);
    if (mount(type, fd_path(fd), type, flags, data) != 0) fail(E_FAILED, "mount %s: %s", path, strerror(errno));
    close(fd);
}

static void put_bind(int root, const char *source, const char *path, unsigned long flags, enum make make) {
    int fd = target(root, path, make);
    if (mount(source, fd_path(fd), NULL, MS_BIND, NULL) != 0) fail(E_FAILED, "mount %s: %s", path, strerror(errno));
    close(fd);
    if (!flags) return;
    fd = target(root, path, NOTHING);     /* again: now it is what was mounted */
    if (mount(NULL, fd_path(fd), NULL, MS_REMOUNT | MS_BIND | flags, NULL) != 0)
        fail(E_FAILED, "mount %s: %s", path, strerror(errno));
    close(fd);
}

static void put_devices(int root, const struct spec *spec) {
    static const char *const nodes[] = {"null", "zero", "full", "random", "urandom", "tty"};
    static const char *const links[][2] = {{"pts/ptmx", "ptmx"}, {"/proc/self/fd", "fd"},
        {"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"}, {"/proc/self/fd/2", "stderr"}};
    /* Nodes are mounted from the agent's /dev; those a container makes itself open nothing. */
    put(root, "tmpfs", "/dev", MS_NOSUID | MS_NOEXEC | MS_NODEV, "mode=0755,size=65536");
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        char path[32];
        snprintf(path, sizeof path, "/dev/%s", nodes[i]);
        put_bind(root, path, path, 0, EMPTY_FILE);
    }
    char terminals[128];
    snprintf(terminals, sizeof terminals, "/run/c/%s/pts", spec->id);
    put_bind(root, terminals, "/dev/pts", 0, FOLDER);
    put(root, "mqueue", "/dev/mqueue", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL);
    put_bind(root, "/run/shm", "/dev/shm", 0, FOLDER);
    int dev = target(root, "/dev", NOTHING);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (symlinkat(links[i][0], dev, links[i][1]) != 0) fail(E_FAILED, "/dev/%s: %s", links[i][1], strerror(errno));
    close(dev);
}

static void make_read_only(int root, const char *path) {
    int fd = resolve(root, path, RESOLVE_IN_ROOT, NOTHING);
    if (fd < 0) return;
    if (mount(fd_path(fd), fd_path(fd), NULL, MS_BIND | MS_REC, NULL) != 0) fail(E_FAILED, "%s: %s", path, strerror(errno));
    close(fd);
    fd = target(root, path, NOTHING);
    if (mount(NULL, fd_path(fd), NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0)
        fail(E_FAILED, "%s: %s", path, strerror(errno));
    close(fd);
}

/* A folder is empty from now on, a file has nothing in it and can not be executed. */
static void mask(int root, const char *path) {
    struct stat st;
    int fd = resolve(root, path, RESOLVE_IN_ROOT, NOTHING);
    if (fd < 0) return;
    bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    if ((folder ? mount("tmpfs", fd_path(fd), "tmpfs", MS_RDONLY | MS_NODEV, "size=0,nr_inodes=2")
                : mount("/dev/null", fd_path(fd), NULL, MS_BIND, NULL)) != 0)
        fail(E_FAILED, "%s: %s", path, strerror(errno));
    close(fd);
}

/* What of /proc and /sys is about the machine, not the container. */
static void mask_kernel(int root) {
    static const char *const read_only[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
    static const char *const masked[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug",
        "/proc/acpi", "/proc/scsi", "/sys/firmware"};
    for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++) make_read_only(root, read_only[i]);
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) mask(root, masked[i]);
}

static void put_volume(int root, const struct bind *b) {
    char path[128];
    snprintf(path, sizeof path, "/run/v/%s", b->volume);
    struct stat st;
    int volume = open(path, O_PATH | O_CLOEXEC);
    if (volume < 0 || fstat(volume, &st) != 0) fail(E_NOT_FOUND, "there is no volume %s", b->volume);
    if (S_ISBLK(st.st_mode)) {           /* the one kind that is a device in the container, too */
        put_bind(root, fd_path(volume), b->path, 0, EMPTY_FILE);
        close(volume);
        return;
    }
    int source = resolve(volume, b->sub, RESOLVE_BENEATH, FOLDER);
    if (source < 0) fail(E_FAILED, "volume %s, sub-path %s: %s", b->volume, b->sub, strerror(errno));
    bool folder = fstat(source, &st) == 0 && S_ISDIR(st.st_mode);
    unsigned long flags = MS_NODEV | (b->read_only ? MS_RDONLY : 0);
    char from[32];
    snprintf(from, sizeof from, "/proc/self/fd/%d", source);
    put_bind(root, from, b->path, flags, folder ? FOLDER : EMPTY_FILE);
    close(source);
    close(volume);
}

static void enter_root(const struct spec *spec) {
    char path[160];
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail(E_FAILED, "mounts: %s", strerror(errno));
    snprintf(path, sizeof path, "/run/c/%s/root", spec->id);
    int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) fail(E_FAILED, "root: %s", strerror(errno));
    bool admin = spec->capabilities >> 21 & 1;   /* CAP_SYS_ADMIN could undo it */
    put(root, "proc", "/proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL);
    put(root, "sysfs", "/sys", MS_NOSUID | MS_NOEXEC | MS_NODEV | (admin ? 0 : MS_RDONLY), NULL);
    put(root, "cgroup2", "/sys/fs/cgroup", MS_NOSUID | MS_NOEXEC | MS_NODEV | (admin ? 0 : MS_RDONLY), NULL);
    put_devices(root, spec);
    if (!admin) mask_kernel(root);
    put_bind(root, "/run/etc/hosts", "/etc/hosts", 0, EMPTY_FILE);
    put_bind(root, "/run/etc/hostname", "/etc/hostname", 0, EMPTY_FILE);
    put_bind(root, "/run/etc/resolv.conf", "/etc/resolv.conf", 0, EMPTY_FILE);
    for (int i = 0; i < spec->nmounts; i++) put_volume(root, &spec->mounts[i]);
    for (char **path = spec->masked; *path; path++) mask(root, *path);
    for (char **path = spec->read_only_paths; *path; path++) make_read_only(root, *path);
    if (spec->last_words[0]) {
        snprintf(path, sizeof path, "/run/c/%s/last", spec->id);
        put_bind(root, path, spec->last_words, 0, EMPTY_FILE);
    }
    if (spec->cwd[0]) close(target(root, spec->cwd, FOLDER));
    if (fchdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
        fail(E_FAILED, "pivot_root: %s", strerror(errno));
    close(root);
    if (spec->read_only && mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV, NULL) != 0)
        fail(E_FAILED, "read-only root: %s", strerror(errno));
}

/* ---- who the process is ---- */

struct identity {
    uid_t uid;
    gid_t gid, groups[256];
    int ngroups;
    char name[128], home[256];
};

/* Cuts a line at its colons. */
static int fields(char *line, char *field[], int max) {
    int n = 0;
    line[strcspn(line, "\n")] = 0;
    for (char *at = line; at && n < max; n++) {
        field[n] = at;
        at = strchr(at, ':');
        if (at) *at++ = 0;
    }
    return n;
}

static bool number(const char *s, uint32_t *v) {
    char *end;
    errno = 0;
    unsigned long parsed = strtoul(s, &end, 10);
    if (*s < '0' || *s > '9' || *end || errno || parsed >= UINT32_MAX) return false;
    *v = (uint32_t)parsed;
    return true;
}

static bool find_user(struct identity *who, const char *user, bool by_number) {
    char line[1024], *f[7];
    uint32_t uid, gid;
    bool found = false;
    FILE *file = fopen("/etc/passwd", "re");
    while (file && !found && fgets(line, sizeof line, file)) {
        if (fields(line, f, 7) < 6 || !number(f[2], &uid) || !number(f[3], &gid)) continue;
        if (by_number ? uid != who->uid : strcmp(f[0], user) != 0) continue;
        who->uid = uid;
        who->gid = gid;
        snprintf(who->name, sizeof who->name, "%s", f[0]);
        snprintf(who->home, sizeof who->home, "%s", f[5]);
        found = true;
    }
    if (file) fclose(file);
    return found;
}

static bool listed(const char *members, const char *name) {
    size_t n = strlen(name);
    for (const char *at = members; n && at && *at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        if (strncmp(at, name, n) == 0 && (at[n] == 0 || at[n] == ',')) return true;
    return false;
}

/* The groups that name the user, and the number of a wanted one. */
static bool find_groups(struct identity *who, const char *wanted) {
    char line[4096], *f[4];
    uint32_t gid;
    bool found = false;
    FILE *file = fopen("/etc/group", "re");
    while (file && fgets(line, sizeof line, file)) {
        if (fields(line, f, 4) < 4 || !number(f[2], &gid)) continue;
        if (wanted && strcmp(f[0], wanted) == 0) {
            who->gid = gid;
            found = true;
        }
        if (!wanted && who->ngroups < 128 && listed(f[3], who->name)) who->groups[who->ngroups++] = gid;
    }
    if (file) fclose(file);
    return found;
}

static void identify(const struct spec *spec, struct identity *who) {
    char user[256];
    *who = (struct identity){.home = "/"};
    snprintf(user, sizeof user, "%s", spec->user);
    char *group = strchr(user, ':');
    if (group) *group++ = 0;
    if (!user[0] || number(user, &who->uid)) find_user(who, user, true);
    else if (!find_user(who, user, false)) fail(E_INVALID, "unable to find user %s: no matching entries in passwd file", user);
    if (spec->strict_groups) {           /* only what the pod says (KEP-3619) */
        if (group && group[0] && !number(group, &who->gid)) find_groups(who, group);
    } else if (!group || !group[0]) find_groups(who, NULL);
    else if (!number(group, &who->gid) && !find_groups(who, group))
        fail(E_INVALID, "unable to find group %s: no matching entries in group file", group);
    for (int i = 0; i < spec->ngroups; i++) who->groups[who->ngroups++] = spec->groups[i];
}

static void become(const struct spec *spec, const struct identity *who) {
    for (int fd = 0; fd < 3; fd++) {     /* so that /dev/stdout can be opened again */
        struct stat st;
        if (fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || isatty(fd)) && fchown(fd, who->uid, (gid_t)-1) != 0)
            fail(E_FAILED, "standard streams: %s", strerror(errno));
    }
    for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
        if (!(spec->capabilities >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
            fail(E_FAILED, "capabilities: %s", strerror(errno));
    if (spec->filter && !seccomp_filter(spec->capabilities)) fail(E_FAILED, "seccomp: %s", strerror(errno));
    if (setgroups((size_t)who->ngroups, who->groups) != 0 || setresgid(who->gid, who->gid, who->gid) != 0
        || setresuid(who->uid, who->uid, who->uid) != 0)
        fail(E_FAILED, "user: %s", strerror(errno));
    if (spec->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail(E_FAILED, "no_new_privs: %s", strerror(errno));
}

/* ---- the exec ---- */

static char **environment(const struct spec *spec, const struct identity *who, bool tty) {
    static char home[300], host[300] = "HOSTNAME=";
    snprintf(home, sizeof home, "HOME=%s", who->home);
    gethostname(host + 9, sizeof host - 10);
    const char *defaults[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", home, host, tty ? "TERM=xterm" : NULL};
    size_t n = 0;
    while (spec->env[n]) n++;
    char **env = allocate((n + 5) * sizeof *env);
    memcpy(env, spec->env, n * sizeof *env);
    for (size_t i = 0; i < 4 && defaults[i]; i++) {
        size_t key = strcspn(defaults[i], "=") + 1, at = 0;
        while (spec->env[at] && strncmp(spec->env[at], defaults[i], key) != 0) at++;
        if (!spec->env[at]) env[n++] = (char *)(uintptr_t)defaults[i];
    }
    env[n] = NULL;
    return env;
}

static _Noreturn void execute(char **args, char **env) {
    if (strchr(args[0], '/')) {
        execve(args[0], args, env);
        fail(E_NOT_EXECUTABLE, "exec: \"%s\": %s", args[0], strerror(errno));
    }
    const char *path = "";
    for (size_t i = 0; env[i]; i++)
        if (strncmp(env[i], "PATH=", 5) == 0) path = env[i] + 5;
    int error = ENOENT;
    for (const char *at = path; at; at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
        char file[4096];
        int n = (int)strcspn(at, ":");
        snprintf(file, sizeof file, "%.*s/%s", n ? n : 1, n ? at : ".", args[0]);
        execve(file, args, env);
        if (errno != ENOENT && errno != ENOTDIR) error = errno;
    }
    if (error == ENOENT) fail(E_NOT_EXECUTABLE, "exec: \"%s\": executable file not found in $PATH", args[0]);
    fail(E_NOT_EXECUTABLE, "exec: \"%s\": %s", args[0], strerror(error));
}

static _Noreturn void run(const struct spec *spec, char **args, bool tty) {
    static struct identity who;
    if (chdir(spec->cwd[0] ? spec->cwd : "/") != 0) fail(E_FAILED, "chdir %s: %s", spec->cwd, strerror(errno));
    identify(spec, &who);
    char **env = environment(spec, &who, tty);
    become(spec, &who);
    execute(args, env);
}

void launch_container(const struct spec *spec, const struct stdio *io, int report) {
    settle(io, -1, report);
    join_cgroup(spec);
    int more = spec->target[0] ? CLONE_NEWNS | CLONE_NEWUTS : 0;   /* forked into another's processes */
    if (unshare(CLONE_NEWCGROUP | more) != 0) fail(E_FAILED, "namespaces: %s", strerror(errno));
    enter_root(spec);
    run(spec, spec->args, io->tty);
}

void launch_exec(const struct spec *spec, char **args, const struct stdio *io, int pidfd, int report) {
    settle(io, pidfd, report);
    join_cgroup(spec);
    if (setns(PIDFD, CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP) != 0) fail(E_CONFLICT, "container %s is not running", spec->id);
    close(PIDFD);
    run(spec, args, io->tty);
}
