/* Volumes: trees under /run/v that containers mount, and the images under /run/i. Runs in jobs. */
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_GROUP UINT64_MAX

/* Opens a path below a folder as O_PATH, and makes what is missing of it when asked to. */
int resolve(int root, const char *path, uint64_t scope, enum make make) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = scope | RESOLVE_NO_MAGICLINKS};
    char part[4096];
    while (*path == '/') path++;
    if (!*path) path = ".";
    if (strlen(path) >= sizeof part) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0 || errno != ENOENT || make == NOTHING) return fd;
    int parent = (int)syscall(SYS_openat2, root, ".", &how, sizeof how);
    for (const char *at = path; parent >= 0 && *at;) {
        size_t n = strcspn(at, "/");
        bool last = at[n + strspn(at + n, "/")] == 0;
        memcpy(part, path, (size_t)(at - path) + n);
        part[(size_t)(at - path) + n] = 0;
        fd = (int)syscall(SYS_openat2, root, part, &how, sizeof how);
        if (fd < 0 && errno == ENOENT) {
            const char *name = part + (at - path);
            if (last && make == EMPTY_FILE) {
                int made = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0644);
                if (made >= 0) close(made);
            } else {
                mkdirat(parent, name, 0755);
            }
            fd = (int)syscall(SYS_openat2, root, part, &how, sizeof how);
        }
        int error = errno;
        close(parent);
        errno = error;
        parent = fd;
        at += n + strspn(at + n, "/");
    }
    return parent;
}

static void volume_path(char *path, size_t n, const char *name) { snprintf(path, n, "/run/v/%s", name); }

static bool mounted(const char *path) {
    struct stat here, above;
    char parent[200];
    snprintf(parent, sizeof parent, "%s/..", path);
    return stat(path, &here) == 0 && stat(parent, &above) == 0 && here.st_dev != above.st_dev;
}

/* ---- disks ---- */

/* Finds a disk by its serial number; it may still be on its way in. */
static void find_disk(const char *serial, char *device, size_t n) {
    char path[300], text[64];
    for (int tries = 0; tries < 2500; tries++) {
        DIR *dir = opendir("/sys/block");
        bool found = false;
        for (struct dirent *e; dir && !found && (e = readdir(dir));) {
            if (e->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "/sys/block/%s/serial", e->d_name);
            if (read_file(path, text, sizeof text) <= 0 || strcmp(text, serial) != 0) continue;
            snprintf(device, n, "/dev/%s", e->d_name);
            int fd = open(device, O_RDONLY | O_CLOEXEC);   /* ENXIO until the kernel is done with it */
            found = fd >= 0;
            if (found) close(fd);
        }
        if (dir) closedir(dir);
        if (found) return;
        sleep_ms(2);
    }
    job_fail(E_NOT_FOUND, "no disk with the serial number %s has appeared", serial);
}

void mount_image(const char *disk) {
    char path[128], device[300];
    snprintf(path, sizeof path, "/run/i/%s", disk);
    make_dirs(path, 0755);
    if (mounted(path)) return;
    find_disk(disk, device, sizeof device);
    if (mount(device, path, "squashfs", MS_RDONLY | MS_NODEV, NULL) != 0)
        job_fail(E_FAILED, "the image on disk %s can not be mounted: %s", disk, strerror(errno));
}

enum content { BLANK, EXT4, OTHER };

static enum content look(const char *device) {
    static uint8_t head[1 << 20];
    int fd = open(device, O_RDONLY | O_CLOEXEC);
    ssize_t n = 0, got;
    while (fd >= 0 && n < (ssize_t)sizeof head && (got = read(fd, head + n, sizeof head - (size_t)n)) > 0) n += got;
    if (fd < 0 || n < 4096) job_fail(E_FAILED, "cannot read %s", device);
    close(fd);
    if (head[0x438] == 0x53 && head[0x439] == 0xef) return EXT4;
    for (ssize_t i = 0; i < n; i++)
        if (head[i]) return OTHER;
    return BLANK;
}

static void format(const char *device) {
    pid_t pid = fork();
    if (pid == 0) {
        execl("/sbin/mke2fs", "mke2fs", "-q", "-t", "ext4", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", device, NULL);
        _exit(127);
    }
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (status != 0) job_fail(E_FAILED, "mke2fs of %s ended with %d", device, status);
}

static gid_t group_to_give;

static int give(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)ftw;
    if (type == FTW_SL || lchown(path, (uid_t)-1, group_to_give) != 0) return 0;
    mode_t mode = (st->st_mode & 07777) | (S_ISDIR(st->st_mode) ? 02770 : 0660);
    return chmod(path, mode), 0;
}

/* As kubelet does: the group owns everything, and what is made later inherits it. */
static void give_to_group(const char *path, uint64_t group) {
    struct stat st;
    if (group == NO_GROUP || stat(path, &st) != 0) return;
    if (st.st_gid == (gid_t)group && (st.st_mode & 02070) == 02070) return;   /* done before */
    group_to_give = (gid_t)group;
    nftw(path, give, 16, FTW_PHYS | FTW_MOUNT);
}

void volume_disk(struct in *in) {
    const char *name = in_name(in), *disk = in_name(in);
    bool read_only = in_u8(in);
    uint64_t group = in_u64(in);
    char path[128], device[300];
    if (in->bad) job_fail(E_INVALID, "not a disk volume");
    volume_path(path, sizeof path, name);
    job_lock();
    make_dirs(path, 0755);
    if (mounted(path)) job_end(NULL);
    find_disk(disk, device, sizeof device);
    enum content content = look(device);
    if (content == OTHER) job_fail(E_INVALID, "disk %s is neither blank nor ext4", disk);
    if (content == BLANK && read_only) job_fail(E_INVALID, "disk %s is blank and read-only", disk);
    if (content == BLANK) format(device);
    if (mount(device, path, "ext4", MS_NODEV | (read_only ? MS_RDONLY : 0), NULL) != 0)
        job_fail(E_FAILED, "disk %s can not be mounted: %s", disk, strerror(errno));
    if (!read_only) give_to_group(path, group);
    job_end(NULL);
}

/* A volume that is something else's place: containers get what the link leads to. */
static void link_volume(const char *name, const char *place) {
    char path[128];
    volume_path(path, sizeof path, name);
    make_dirs("/run/v", 0755);
    if (unlink(path) != 0 && errno != ENOENT) job_fail(E_CONFLICT, "volume %s: %s", name, strerror(errno));
    if (symlink(place, path) != 0) job_fail(E_FAILED, "volume %s: %s", name, strerror(errno));
}

/* A disk as it is: the device itself. */
void volume_raw(struct in *in) {
    const char *name = in_name(in), *disk = in_name(in);
    char device[300];
    if (in->bad) job_fail(E_INVALID, "not a raw volume");
    job_lock();
    find_disk(disk, device, sizeof device);
    link_volume(name, device);
    job_end(NULL);
}

/* The files of an image, as containers that are made of it have them. */
void volume_image(struct in *in) {
    const char *name = in_name(in), *disk = in_name(in);
    char place[128];
    if (in->bad) job_fail(E_INVALID, "not an image's volume");
    job_lock();
    mount_image(disk);
    snprintf(place, sizeof place, "/run/i/%s", disk);
    link_volume(name, place);
    job_end(NULL);
}

/* ---- memory and files ---- */

void volume_memory(struct in *in) {
    const char *name = in_name(in);
    uint64_t size = in_u64(in), group = in_u64(in);
    char path[128], options[96];
    if (in->bad) job_fail(E_INVALID, "not a memory volume");
    volume_path(path, sizeof path, name);
    job_lock();
    make_dirs(path, 0755);
    if (mounted(path)) job_end(NULL);
    if (size) snprintf(options, sizeof options, "mode=0777,size=%llu", (unsigned long long)size);
    else snprintf(options, sizeof options, "mode=0777");
    if (mount("tmpfs", path, "tmpfs", MS_NODEV, options) != 0) job_fail(E_FAILED, "volume %s: %s", name, strerror(errno));
    give_to_group(path, group);
    job_end(NULL);
}

void volume_unmount(struct in *in) {
    const char *name = in_name(in);
    char path[128];
    if (in->bad) job_fail(E_INVALID, "not a volume");
    volume_path(path, sizeof path, name);
    job_lock();
    while (mounted(path))
        if (umount(path) != 0) job_fail(E_CONFLICT, "volume %s: %s", name, strerror(errno));
    rmdir(path);
    job_end(NULL);
}

static int erase(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st, (void)type, (void)ftw;
    return remove(path), 0;
}

static void put_file(int set, const char *path, mode_t mode, const uint8_t *content, uint32_t n, uint64_t group) {
    if (path[0] == '/' || strstr(path, "..")) job_fail(E_INVALID, "not a path in a volume: %s", path);
    int fd = resolve(set, path, RESOLVE_BENEATH, EMPTY_FILE), file = -1;
    char at[32];
    snprintf(at, sizeof at, "/proc/self/fd/%d", fd);
    if (fd >= 0) file = open(at, O_WRONLY | O_TRUNC | O_CLOEXEC);
    if (file < 0) job_fail(E_INVALID, "%s: %s", path, strerror(errno));
    for (uint32_t done = 0; done < n;) {
        ssize_t put = write(file, content + done, n - done);
        if (put <= 0) job_fail(E_FAILED, "%s: %s", path, strerror(errno));
        done += (uint32_t)put;
    }
    if (group != NO_GROUP) mode |= 0440 | (mode & 0100 ? 0010 : 0);
    if ((group != NO_GROUP && fchown(file, (uid_t)-1, (gid_t)group) != 0) || fchmod(file, mode) != 0)
        job_fail(E_FAILED, "%s: %s", path, strerror(errno));
    close(file);
    close(fd);
}

/* Top-level names become links through ..data, which is replaced in one rename. */
static void publish(int volume, const char *set_name) {
    char link[300];
    unlinkat(volume, "..new", 0);
    if (symlinkat(set_name, volume, "..new") != 0 || renameat(volume, "..new", volume, "..data") != 0)
        job_fail(E_FAILED, "publishing files: %s", strerror(errno));
    int set = openat(volume, set_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = set < 0 ? NULL : fdopendir(set);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        snprintf(link, sizeof link, "..data/%s", e->d_name);
        if (symlinkat(link, volume, e->d_name) != 0 && errno != EEXIST) job_fail(E_FAILED, "%s: %s", e->d_name, strerror(errno));
    }
    if (dir) closedir(dir);
}

/* The set before this one stays, for readers that are on their way into it. */
static void sweep(int volume, const char *path, const char *set_name, const char *previous) {
    DIR *dir = opendir(path);
    char full[400];
    for (struct dirent *e; dir && (e = readdir(dir));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        snprintf(full, sizeof full, "%s/%s", path, e->d_name);
        if (strncmp(e->d_name, "..set", 5) == 0) {
            if (strcmp(e->d_name, set_name) != 0 && strcmp(e->d_name, previous) != 0) nftw(full, erase, 16, FTW_PHYS | FTW_DEPTH);
        } else if (e->d_name[0] != '.' || e->d_name[1] != '.') {
            struct stat st;
            if (stat(full, &st) != 0) unlinkat(volume, e->d_name, 0);   /* its file is gone */
        }
    }
    if (dir) closedir(dir);
}

/* A file that containers have left in a volume; links of theirs lead nowhere but into it. */
void volume_read(struct in *in) {
    const char *name = in_name(in), *file = in_str(in);
    static uint8_t content[MAX_READ + 1];
    char path[128];
    struct stat st;
    if (in->bad) job_fail(E_INVALID, "not a file of a volume");
    volume_path(path, sizeof path, name);
    int volume = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
    if (volume >= 0) fd = resolve(volume, file, RESOLVE_IN_ROOT, NOTHING);
    if (fd < 0) job_fail(errno == ENOENT ? E_NOT_FOUND : E_INVALID, "%s: %s", file, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) job_fail(E_INVALID, "%s: not a file", file);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int open_file = open(path, O_RDONLY | O_CLOEXEC);
    uint32_t n = 0;
    for (ssize_t got; n < sizeof content && (got = read(open_file, content + n, sizeof content - n)) > 0;) n += (uint32_t)got;
    if (n > MAX_READ) job_fail(E_INVALID, "%s: larger than %d bytes", file, MAX_READ);
    struct out out = {0};
    out_u32(&out, n);
    out_bytes(&out, content, n);
    job_end(&out);
}

void volume_files(struct in *in) {
    const char *name = in_name(in);
    uint64_t group = in_u64(in);
    uint32_t files = in_u32(in), n;
    char path[128], set_name[48], previous[48] = "";
    if (in->bad) job_fail(E_INVALID, "not a set of files");
    volume_path(path, sizeof path, name);
    job_lock();
    make_dirs(path, 0755);
    if (!mounted(path) && mount("tmpfs", path, "tmpfs", MS_NODEV, "mode=0755") != 0)
        job_fail(E_FAILED, "volume %s: %s", name, strerror(errno));
    snprintf(set_name, sizeof set_name, "..set%llu", (unsigned long long)now(CLOCK_MONOTONIC));
    int volume = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (volume < 0 || mkdirat(volume, set_name, 0755) != 0) job_fail(E_FAILED, "volume %s: %s", name, strerror(errno));
    int set = openat(volume, set_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (uint32_t i = 0; i < files; i++) {
        const char *file = in_str(in);
        mode_t mode = in_u32(in) & 07777;
        const uint8_t *content = in_blob(in, &n);
        if (in->bad) job_fail(E_INVALID, "not a set of files");
        put_file(set, file, mode, content, n, group);
    }
    ssize_t length = readlinkat(volume, "..data", previous, sizeof previous - 1);
    previous[length > 0 ? length : 0] = 0;
    publish(volume, set_name);
    sweep(volume, path, set_name, previous);
    job_end(NULL);
}
