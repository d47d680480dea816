package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A program that does random things to files: several of them at once work on the same names. It
 * runs inside a host and needs nothing but a JDK.
 *
 * <p>Arguments: seed, how many operations have to succeed, a name that no other has, then the
 * directories. In each of them {@code src-*} are only ever mounted and {@code mnt-*} only ever
 * mounted on. What fails because another was faster is not counted. Prints how many of each
 * succeeded.
 */
public final class FileOperations {
  private static final int NAMES = 9;
  private static final int MOUNTS = 2;

  private final Random random;
  private final String self;
  private final List<Path> directories;
  private final Map<String, Integer> done = new TreeMap<>();
  private int failed;

  private FileOperations(Random random, String self, List<Path> directories) {
    this.random = random;
    this.self = self;
    this.directories = directories;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    FileOperations operations =
        new FileOperations(
            new Random(Long.parseLong(arguments[0])),
            arguments[2],
            List.of(arguments).subList(3, arguments.length).stream().map(Path::of).toList());
    operations.prepare();
    int wanted = Integer.parseInt(arguments[1]);
    for (int count = 0; count < wanted; ) {
      try {
        String kind = operations.step();
        if (!kind.isEmpty()) {
          int unused = operations.done.merge(kind, 1, Integer::sum);
          count++;
        }
      } catch (IOException e) {
        // Not there, there already, busy, or not empty: another operation takes its place.
        operations.failed++;
      }
    }
    System.out.println(operations.done + ", in vain: " + operations.failed);
  }

  private void prepare() throws IOException {
    for (Path directory : directories) {
      for (int i = 0; i < MOUNTS; i++) {
        Files.createDirectories(directory.resolve("src-" + i));
        Files.createDirectories(directory.resolve("mnt-" + i));
      }
    }
  }

  private String step() throws IOException, InterruptedException {
    int dice = random.nextInt(1000);
    if (dice < 4) {
      return run("mount", "--bind", fixed("src-").toString(), fixed("mnt-").toString());
    }
    if (dice < 9) {
      return run("umount", fixed("mnt-").toString());
    }
    if (dice < 200) {
      Files.writeString(path(), text());
      return "write";
    }
    if (dice < 300) {
      Files.writeString(path(), text(), StandardOpenOption.CREATE_NEW);
      return "create";
    }
    if (dice < 400) {
      Files.writeString(path(), text(), StandardOpenOption.APPEND);
      return "append";
    }
    if (dice < 470) {
      Path unused = Files.move(path(), path());
      return "rename";
    }
    if (dice < 540) {
      Path fresh = directory().resolve(".fresh-" + self);
      Files.writeString(fresh, text());
      Path unused = Files.move(fresh, path(), StandardCopyOption.REPLACE_EXISTING);
      return "rename-over";
    }
    if (dice < 600) {
      Path unused = Files.createLink(path(), path());
      return "link";
    }
    if (dice < 690) {
      Files.delete(path());
      return "unlink";
    }
    if (dice < 740) {
      Files.setAttribute(existing(), "unix:mode", 0100 | random.nextInt(07777));
      return "chmod";
    }
    if (dice < 790) {
      Path path = existing();
      Files.setAttribute(path, "unix:uid", random.nextInt(5), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", random.nextInt(5), LinkOption.NOFOLLOW_LINKS);
      return "chown";
    }
    if (dice < 840) {
      var view = Files.getFileAttributeView(existing(), UserDefinedFileAttributeView.class);
      int unused = view.write("test", StandardCharsets.UTF_8.encode(text()));
      return "setxattr";
    }
    if (dice < 890) {
      return tree();
    }
    if (dice < 960) {
      return retarget();
    }
    return remove();
  }

  /** A tree that fills as fast as it grows. */
  private String tree() throws IOException {
    Path at = path();
    for (int depth = 0; depth < 3; depth++) {
      at = at.resolve("n" + random.nextInt(NAMES));
      Files.createDirectories(at);
      Files.writeString(at.resolve("n" + random.nextInt(NAMES)), text());
    }
    return "tree";
  }

  private String retarget() throws IOException {
    Path link = path();
    if (random.nextBoolean()) {
      Path fresh = directory().resolve(".link-" + self);
      Path unused = Files.createSymbolicLink(fresh, Path.of(text()));
      Path unused2 = Files.move(fresh, link, StandardCopyOption.REPLACE_EXISTING);
    } else {
      boolean unused = Files.isSymbolicLink(link) && Files.deleteIfExists(link);
      Path unused2 = Files.createSymbolicLink(link, Path.of(text()));
    }
    return "symlink";
  }

  private String remove() throws IOException {
    Path top = path();
    if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    Path unused =
        Files.walkFileTree(
            top,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                  throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(
                  Path directory, @org.jspecify.annotations.Nullable IOException failure)
                  throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
              }
            });
    return "remove-tree";
  }

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0 ? command[0] : "";
  }

  private Path directory() {
    return directories.get(random.nextInt(directories.size()));
  }

  private Path fixed(String prefix) {
    return directory().resolve(prefix + random.nextInt(MOUNTS));
  }

  /** Also below what is mounted. */
  private Path path() {
    Path at = random.nextInt(8) == 0 ? fixed(random.nextBoolean() ? "src-" : "mnt-") : directory();
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      at = at.resolve("n" + random.nextInt(NAMES));
    }
    return at;
  }

  private Path existing() throws IOException {
    Path path = path();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(path)) {
      throw new IOException("nothing at " + path);
    }
    return path;
  }

  private String text() {
    return "t".repeat(random.nextInt(60)) + random.nextInt(1000);
  }
}
