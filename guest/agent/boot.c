/* From the kernel's hand to a guest that waits for its host; and back. */
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void must_mount(const char *type, const char *path, unsigned long flags, const char *data) {
    make_dirs(path, 0755);
    if (mount(type, path, type, flags, data) != 0 && errno != EBUSY) note("mount %s: %s", path, strerror(errno));
}

/* The list has one file a line, in an order that satisfies their dependencies. */
static void load_modules(void) {
    char line[200];
    FILE *list = fopen("/modules/order", "re");
    while (list && fgets(line, sizeof line, list)) {
        char path[256];
        line[strcspn(line, "\n")] = 0;
        snprintf(path, sizeof path, "/modules/%s", line);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0) note("module %s: %s", line, strerror(errno));
        if (fd >= 0) close(fd);
        unlink(path);                        /* its memory is worth more than the file */
    }
    if (list) fclose(list);
}

/* pivot_root refuses the kernel's own root: make one that has a parent of the same files. */
static void leave_rootfs(void) {
    make_dirs("/root", 0700);
    if (mount("/", "/root", NULL, MS_BIND, NULL) != 0 || chdir("/root") != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0
        || chroot(".") != 0 || chdir("/") != 0)
        note("root: %s", strerror(errno));
}

void boot(void) {
    static const char *const folders[] = {"/run/c", "/run/i", "/run/v", "/run/etc", "/run/shm"};
    umask(0);
    leave_rootfs();
    must_mount("devtmpfs", "/dev", MS_NOSUID, "mode=0755");
    int null = open("/dev/null", O_RDWR);    /* 0, 1 and 2 must not become anything else */
    int console = open("/dev/console", O_WRONLY | O_NOCTTY);
    for (int i = 0; i < 3; i++) dup2(i == 2 && console >= 0 ? console : null, i);
    if (null > 2) close(null);
    if (console > 2) close(console);
    must_mount("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    must_mount("sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    must_mount("cgroup2", "/sys/fs/cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) make_dirs(folders[i], 0755);
    must_mount("tmpfs", "/run/shm", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=67108864");
    static const char *const files[] = {"/run/etc/hosts", "/run/etc/hostname", "/run/etc/resolv.conf"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        write_file(files[i], "%s", "");
        chmod(files[i], 0644);
    }
    load_modules();
    if (!write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory +cpu +pids") || (mkdir("/sys/fs/cgroup/c", 0755) != 0 && errno != EEXIST)
        || !write_file("/sys/fs/cgroup/c/cgroup.subtree_control", "+memory +cpu +pids"))
        note("cgroups: %s", strerror(errno));
    write_file("/proc/self/oom_score_adj", "-1000");
    write_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    write_file("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (ioctl(s, SIOCSIFFLAGS, &lo) != 0) note("lo: %s", strerror(errno));
    close(s);
}

static void online(const char *folder, const char *prefix, const char *file, const char *word) {
    char path[400], state[32];
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (strncmp(e->d_name, prefix, strlen(prefix)) != 0) continue;
        snprintf(path, sizeof path, "%s/%s/%s", folder, e->d_name, file);
        if (read_file(path, state, sizeof state) > 0 && strncmp(state, word, strlen(word)) != 0) write_file(path, "%s", word);
    }
    if (dir) closedir(dir);
}

/* What was plugged is seen by the kernel a moment later, and used when it is told to. */
void machine_grow(struct in *in) {
    uint32_t cpus = in_u32(in);
    uint64_t memory = in_u64(in);
    char text[256];
    for (int tries = 0; tries < 2500; tries++) {
        online("/sys/devices/system/cpu", "cpu", "online", "1");
        online("/sys/devices/system/memory", "memory", "state", "online");
        char *at = read_file("/proc/meminfo", text, sizeof text) > 0 ? strstr(text, "MemTotal:") : NULL;
        uint64_t have = at ? strtoull(at + 9, NULL, 10) * 1024 : 0;
        if ((uint32_t)sysconf(_SC_NPROCESSORS_ONLN) >= cpus && have >= memory) job_end(NULL);
        sleep_ms(4);
    }
    job_fail(E_TIMEOUT, "the machine has not grown to %u processors and %llu bytes", cpus, (unsigned long long)memory);
}

/* sysctl.d(5): what comes first, a dot or a slash, parts the name. */
void machine_sysctls(struct in *in) {
    for (uint32_t n = in_u32(in); n > 0 && !in->bad; n--) {
        const char *name = in_str(in), *value = in_str(in);
        char path[300];
        if (in->bad || strstr(name, "..") || snprintf(path, sizeof path, "/proc/sys/%s", name) >= (int)sizeof path)
            job_fail(E_INVALID, "not the name of a sysctl");
        if (name[strcspn(name, "./")] == '.')
            for (char *c = path + strlen("/proc/sys/"); *c; c++) *c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
        if (!write_file(path, "%s", value)) job_fail(E_INVALID, "sysctl %s can not be set to %s: %s", name, value, strerror(errno));
    }
    job_end(NULL);
}

void power_off(void) {
    char path[160];
    write_file("/sys/fs/cgroup/c/cgroup.kill", "1");
    for (int i = 0; i < 500; i++) {          /* their files must be closed before the unmount */
        char text[128];
        if (read_file("/sys/fs/cgroup/c/cgroup.events", text, sizeof text) > 0 && strstr(text, "populated 0")) break;
        sleep_ms(2);
    }
    sync();
    FILE *mounts = fopen("/proc/mounts", "re");
    char line[1024];
    while (mounts && fgets(line, sizeof line, mounts))
        if (sscanf(line, "/dev/%*s %159s ext4", path) == 1) umount2(path, MNT_DETACH);
    sync();
    reboot(RB_AUTOBOOT);                     /* the VMM does not reboot, it ends */
    for (;;) pause();
}

void set_clock(uint64_t seconds, uint32_t nanos) {
    struct timespec t = {.tv_sec = (time_t)seconds, .tv_nsec = nanos};
    if (clock_settime(CLOCK_REALTIME, &t) != 0) note("clock: %s", strerror(errno));
}

/* Clones share the state of the random number generator until they get a seed each. */
void reseed(const uint8_t *seed, size_t n) {
    struct {
        int bits, bytes;
        uint8_t seed[64];
    } entropy = {0};
    int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
    if (n > sizeof entropy.seed) n = sizeof entropy.seed;
    memcpy(entropy.seed, seed, n);
    entropy.bytes = (int)n;
    entropy.bits = (int)n * 8;
    if (fd < 0 || ioctl(fd, RNDADDENTROPY, &entropy) != 0 || ioctl(fd, RNDRESEEDCRNG, NULL) != 0) note("random: %s", strerror(errno));
    if (fd >= 0) close(fd);
}
