/* What the guest, its containers and their volumes use. Questions only: nothing here can block. */
#include "agent.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

static uint64_t number_in(const struct container *c, const char *file, const char *key) {
    char path[256], text[4096];
    container_path(path, sizeof path, c, file);
    if (read_file(path, text, sizeof text) <= 0) return 0;
    char *at = strstr(text, key);
    return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* How full the file system is that a folder is on. */
static void put_space(struct out *out, const char *name, const char *folder) {
    struct statvfs fs;
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (statvfs(path, &fs) != 0) fs = (struct statvfs){0};
    out_str(out, name);
    out_u64(out, (uint64_t)(fs.f_blocks - fs.f_bfree) * fs.f_frsize);
    out_u64(out, (uint64_t)fs.f_blocks * fs.f_frsize);
    out_u64(out, (uint64_t)(fs.f_files - fs.f_ffree));
}

/* A link is a raw disk, of which nobody knows how much is used. */
static bool has_space(const struct dirent *volume) { return volume->d_name[0] != '.' && volume->d_type != DT_LNK; }

/* What containers have written over their images, each on a tmpfs of its own; then the volumes. */
static void put_spaces(struct out *out) {
    uint32_t n = 0;
    for (struct container *c = containers; c; c = c->next) n += container_usable(c);
    out_u32(out, n);
    for (struct container *c = containers; c; c = c->next)
        if (container_usable(c)) put_space(out, c->spec.id, "/run/c");
    struct dirent **volumes = NULL;
    int found = scandir("/run/v", &volumes, NULL, NULL);
    n = 0;
    for (int i = 0; i < found; i++) n += has_space(volumes[i]);
    out_u32(out, n);
    for (int i = 0; i < found; i++) {
        if (has_space(volumes[i])) put_space(out, volumes[i]->d_name, "/run/v");
        free(volumes[i]);
    }
    free(volumes);
}

void container_stats(uint32_t req) {
    struct out out = {0};
    char text[2048];
    uint64_t figures[3] = {0};
    static const char *const keys[2] = {"MemTotal:", "MemAvailable:"};
    ssize_t got = read_file("/proc/meminfo", text, sizeof text);
    for (int i = 0; got > 0 && i < 2; i++) {
        char *at = strstr(text, keys[i]);
        figures[i] = at ? strtoull(at + strlen(keys[i]), NULL, 10) * 1024 : 0;
    }
    char *usage = read_file("/sys/fs/cgroup/cpu.stat", text, sizeof text) > 0 ? strstr(text, "usage_usec ") : NULL;
    figures[2] = usage ? strtoull(usage + 11, NULL, 10) * 1000 : 0;
    for (int i = 0; i < 3; i++) out_u64(&out, figures[i]);
    uint32_t n = 0;
    for (struct container *c = containers; c; c = c->next) n += container_usable(c);
    out_u32(&out, n);
    for (struct container *c = containers; c; c = c->next) {
        if (!container_usable(c)) continue;
        uint64_t memory = number_in(c, "memory.current", ""), cache = number_in(c, "memory.stat", "\ninactive_file ");
        out_str(&out, c->spec.id);
        out_u64(&out, memory > cache ? memory - cache : 0);
        out_u64(&out, number_in(c, "cpu.stat", "usage_usec ") * 1000);
        out_u64(&out, number_in(c, "pids.current", ""));
    }
    put_spaces(&out);
    reply(req, &out);
    free(out.p);
}
