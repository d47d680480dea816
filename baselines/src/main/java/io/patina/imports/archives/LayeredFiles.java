package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.facts.FileFact;
import io.patina.facts.Gap;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.manifest.EntrySorter;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.ManifestBuilder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of archives that lie on each other in layers, and what of the lower ones is still
 * there.
 *
 * <p>Everything is kept as it comes and decided at the end: a path is what the topmost layer says
 * of it, unless a layer above that one removed it, or one of its directories, or put something else
 * in the place of one of its directories (OCI image-spec, layer.md).
 */
final class LayeredFiles {

  /** Annotation of a hard link until it is known what it is a link to. */
  private static final String LINKED = "~linked";

  private static final int MOST_LINKS = 16;

  private final Gathering gathering;
  private final EntrySorter all;
  private int[] layers = new int[1024];
  private int layer;

  /** Paths that layers removed, and directories that layers emptied, to the topmost such layer. */
  private final Map<ByteString, Integer> removed = new HashMap<>();

  private final Map<ByteString, Integer> emptied = new HashMap<>();

  LayeredFiles(Gathering gathering) {
    this.gathering = gathering;
    this.all = new EntrySorter(gathering.limits().manifestBytes());
  }

  /** What comes from now on lies above what came before. */
  void nextLayer() {
    layer++;
  }

  void file(ByteString path, Attributes attributes, String where) throws InvalidImportException {
    bound(all.size(), where);
    if (all.size() == layers.length) {
      layers = Arrays.copyOf(layers, layers.length * 2);
    }
    try {
      layers[all.add(Entry.of(FactKey.file(path), attributes))] = layer;
    } catch (MalformedManifestException | IllegalArgumentException e) {
      throw new InvalidImportException(where + ": " + e.getMessage(), e);
    }
  }

  void hardLink(ByteString path, ByteString target, String where) throws InvalidImportException {
    file(path, new Attributes.Builder().bytes(LINKED, target).build(), where);
  }

  /** The layers below have no such path. */
  void remove(ByteString path, String where) throws InvalidImportException {
    bound(removed.size(), where);
    removed.put(path, layer);
  }

  /** The layers below have nothing in this directory. */
  void empty(ByteString directory, String where) throws InvalidImportException {
    bound(emptied.size(), where);
    emptied.put(directory, layer);
  }

  private void bound(int size, String where) throws InvalidImportException {
    if (size >= gathering.limits().entries()) {
      throw new InvalidImportException(
          where + ": more than " + gathering.limits().entries() + " entries are not read");
    }
  }

  Imported finish(List<String> cannotKnow) throws InvalidImportException {
    int[] order = all.order();
    replacedDirectories(order);
    ManifestBuilder manifest = new ManifestBuilder(gathering.scope().digest());
    for (int from = 0; from < order.length; ) {
      int to = groupEnd(order, from);
      FactKey key = all.key(order[from]);
      for (int i = to - 1; i >= from; i--) {
        if (!gone(key.name(), layers[order[i]])) {
          emit(order, i, manifest);
          break;
        }
      }
      from = to;
    }
    return gathering.finish(manifest.build(), cannotKnow);
  }

  private void emit(int[] order, int at, ManifestBuilder manifest) throws InvalidImportException {
    Entry entry = all.get(order[at]);
    Optional<Attributes> attributes = resolve(order, order[at]);
    String where = "entry";
    if (attributes.isPresent()) {
      gathering.observed(entry.key(), attributes.get(), where).ifPresent(manifest::add);
    } else {
      gathering.count("hard links to something that is not in the archive, stated as gaps");
      if (gathering.observes(entry.key())) {
        manifest.add(Entry.of(new Gap(entry.key(), false, Gap.UNAVAILABLE)));
      }
    }
  }

  /** What a file states; of a hard link what its target stated when the link was made. */
  private Optional<Attributes> resolve(int[] order, int position) {
    int at = position;
    for (int i = 0; i < MOST_LINKS; i++) {
      Attributes attributes = all.get(at).attributes();
      Optional<ByteString> target = attributes.get(LINKED);
      if (target.isEmpty()) {
        return Optional.of(attributes);
      }
      at = before(order, FactKey.file(target.get()), at);
      if (at < 0) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The last position of a key before another position; -1 if there is none. */
  private int before(int[] order, FactKey key, int position) {
    int low = 0;
    int high = order.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int byKey = all.key(order[middle]).compareTo(key);
      if (byKey < 0 || (byKey == 0 && order[middle] < position)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    boolean found = low > 0 && all.key(order[low - 1]).equals(key);
    return found ? order[low - 1] : -1;
  }

  /** Something else in the place of a directory removes what was in it. */
  private void replacedDirectories(int[] order) {
    for (int from = 0; layer > 0 && from < order.length; ) {
      int to = groupEnd(order, from);
      boolean directory = false;
      for (int i = from; to - from > 1 && i < to; i++) {
        Entry entry = all.get(order[i]);
        boolean is =
            entry
                .attributes()
                .shown(Attributes.TYPE)
                .filter(FileFact.DIRECTORY::equals)
                .isPresent();
        if (directory && !is) {
          emptied.merge(entry.key().name(), layers[order[i]], Math::max);
        }
        directory |= is;
      }
      from = to;
    }
  }

  private int groupEnd(int[] order, int from) {
    int to = from + 1;
    FactKey key = all.key(order[from]);
    while (to < order.length && all.key(order[to]).equals(key)) {
      to++;
    }
    return to;
  }

  /** Whether a layer above this one took the path away. */
  private boolean gone(ByteString path, int below) {
    if (removed.isEmpty() && emptied.isEmpty()) {
      return false;
    }
    if (removed.getOrDefault(path, 0) > below) {
      return true;
    }
    for (int i = path.size() - 1; i >= 0; i--) {
      if (path.byteAt(i) == '/') {
        ByteString above = i == 0 ? path.substring(0, 1) : path.substring(0, i);
        boolean self = above.equals(path);
        if (!self
            && (removed.getOrDefault(above, 0) > below || emptied.getOrDefault(above, 0) > below)) {
          return true;
        }
      }
    }
    return false;
  }
}
