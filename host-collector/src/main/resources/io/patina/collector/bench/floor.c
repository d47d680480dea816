/* The least that a C program needs for one tree: MODE stat (only lstat), read (lstat and read), or
   sha256 (OpenSSL, when built with -DSHA256). One thread, descriptors relative to directories, no
   output but a count. Usage: floor MODE DIRECTORY */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef SHA256
#include <openssl/evp.h>
#endif

static char buffer[1 << 17];
static long files;
static int reads, digests;
static dev_t device;

static void content(int directory, const char *name) {
  int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  ssize_t got;
  if (file < 0) return;
#ifdef SHA256
  static EVP_MD_CTX *context;
  unsigned char out[EVP_MAX_MD_SIZE];
  if (digests) {
    if (!context) context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), 0);
  }
#endif
  while ((got = read(file, buffer, sizeof buffer)) > 0) {
#ifdef SHA256
    if (digests) EVP_DigestUpdate(context, buffer, (size_t)got);
#endif
  }
#ifdef SHA256
  if (digests) EVP_DigestFinal_ex(context, out, 0);
#endif
  close(file);
}

static void walk(int descriptor) {
  DIR *directory = fdopendir(descriptor);
  struct dirent *entry;
  struct stat seen;
  if (!directory) return;
  while ((entry = readdir(directory))) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    if (fstatat(dirfd(directory), entry->d_name, &seen, AT_SYMLINK_NOFOLLOW)) continue;
    files++;
    if (S_ISREG(seen.st_mode) && reads) content(dirfd(directory), entry->d_name);
    if (S_ISDIR(seen.st_mode) && seen.st_dev == device) {
      int below = openat(dirfd(directory), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (below >= 0) walk(below);
    }
  }
  closedir(directory);
}

int main(int count, char **words) {
  struct stat top;
  if (count != 3) return 2;
  reads = strcmp(words[1], "stat") != 0;
  digests = strcmp(words[1], "sha256") == 0;
  int start = open(words[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (start < 0 || fstat(start, &top)) return 1;
  device = top.st_dev;
  walk(start);
  printf("%ld\n", files);
  return 0;
}
