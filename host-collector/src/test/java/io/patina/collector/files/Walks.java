package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.ByteString;
import io.patina.collector.mounts.MountProbe;
import io.patina.collector.mounts.MountTable;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Entry;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Walks over real trees, and what they found by path (each byte of it one character). */
final class Walks {
  final Map<String, Entry> found = new TreeMap<>();
  final WalkProgress progress = new WalkProgress();

  private Walks() {}

  static RootDirectory open(Path directory) {
    return assertInstanceOf(
            RootDirectory.Opening.Ready.class, RootDirectory.open(directory.toString()))
        .root();
  }

  static FileObserver observer(RootDirectory root, Scope scope) {
    return new FileObserver(root, scope, KnownVersions.NONE);
  }

  /** With the mounts as they are, by as many threads. */
  static Walks of(Path directory, Scope scope, int threads) {
    try (RootDirectory root = open(directory)) {
      MountTable mounts =
          new MountProbe(Path.of("/proc")).own().under(ByteString.copyFromUtf8(root.path()));
      return of(root, scope, mounts, threads);
    }
  }

  static Walks of(RootDirectory root, Scope scope, MountTable mounts, int threads) {
    Walks walk = new Walks();
    new TreeWalk(root, scope, mounts, KnownVersions.NONE, threads, walk.progress)
        .walk()
        .drainTo(e -> walk.found.put(e.key().name().toString(StandardCharsets.ISO_8859_1), e));
    return walk;
  }

  static Walks of(Path directory) {
    return of(directory, Scopes.everything(), 1);
  }

  Entry entry(String path) {
    Entry entry = found.get(path);
    if (entry == null) {
      throw new AssertionError(path + " is not among " + found.keySet());
    }
    return entry;
  }

  ByteString attribute(String path, String name) {
    return entry(path)
        .attributes()
        .get(name)
        .orElseThrow(() -> new AssertionError(path + " states no " + name));
  }

  String text(String path, String name) {
    return attribute(path, name).toStringUtf8();
  }

  Gap gap(String path) {
    return entry(path)
        .gap()
        .orElseThrow(() -> new AssertionError(path + " is no gap but " + entry(path)));
  }

  static boolean isRoot() {
    return new SystemCalls().effectiveUser() == 0;
  }
}
