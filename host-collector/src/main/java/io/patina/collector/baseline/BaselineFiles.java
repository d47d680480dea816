package io.patina.collector.baseline;

import io.patina.collector.asking.CommandFailure;
import io.patina.comparison.Expectation;
import io.patina.expectations.Extending;
import io.patina.expectations.InvalidExpectationsException;
import io.patina.facts.Escaped;
import io.patina.manifest.MalformedManifestException;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestFile;
import io.patina.manifest.ManifestNdjson;
import io.patina.scope.DefaultScope;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files that the commands read and write, with a sentence for each that cannot be. */
public final class BaselineFiles {

  /** Largest small file (a key, an envelope) that is read, in bytes. */
  private static final int MAX_SMALL = 17 << 20;

  /** Largest file that is verified before it is read, in bytes: it is held in memory. */
  private static final int MAX_VERIFIED = 256 << 20;

  private BaselineFiles() {}

  public static Manifest manifest(Path file) throws CommandFailure {
    try {
      if (file.toString().endsWith(".ndjson")) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
          return ManifestNdjson.read(in);
        }
      }
      return ManifestFile.read(file);
    } catch (MalformedManifestException e) {
      throw new CommandFailure(
          shown(file) + " is not a manifest: " + e.getMessage() + "; make one with import", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** The manifest in these bytes of a file; its name says the form. */
  public static Manifest manifest(Path file, byte[] content) throws CommandFailure {
    try (InputStream in = new ByteArrayInputStream(content)) {
      return file.toString().endsWith(".ndjson") ? ManifestNdjson.read(in) : ManifestFile.read(in);
    } catch (MalformedManifestException e) {
      throw new CommandFailure(
          shown(file) + " is not a manifest: " + e.getMessage() + "; make one with import", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** A whole file, at most {@link #MAX_VERIFIED}. */
  static byte[] bytes(Path file) throws CommandFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_VERIFIED + 1);
      if (content.length > MAX_VERIFIED) {
        throw new CommandFailure(shown(file) + " is over " + MAX_VERIFIED + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static void write(Manifest manifest, Path file) throws CommandFailure {
    try {
      if (file.toString().endsWith(".ndjson")) {
        try (OutputStream out = Files.newOutputStream(file)) {
          ManifestNdjson.write(manifest, out);
        }
      } else {
        ManifestFile.write(manifest, file);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  static Scope scope(@Nullable Path file) throws CommandFailure {
    if (file == null) {
      return DefaultScope.get();
    }
    try {
      return ScopeFile.parse(text(file));
    } catch (InvalidScopeException e) {
      throw new CommandFailure("the scope " + shown(file) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The expectations of a file and of all that it extends.
   *
   * @param library directories in which what is extended by name is looked for
   */
  public static List<Expectation> expectations(Path file, List<Path> library)
      throws CommandFailure {
    try {
      return Extending.read(file, library);
    } catch (InvalidExpectationsException e) {
      throw new CommandFailure("the expectations " + e.getMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static String text(Path file) throws CommandFailure {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_SMALL + 1);
      if (content.length > MAX_SMALL) {
        throw new CommandFailure(shown(file) + " is over " + MAX_SMALL + " bytes");
      }
      return new String(content, java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static String shown(Path file) {
    return Escaped.text(file.toString());
  }

  static CommandFailure unreadable(Path file, IOException e) {
    String why = e instanceof NoSuchFileException ? "there is no such file" : reason(e);
    return new CommandFailure(shown(file) + " cannot be read: " + why, e);
  }

  static CommandFailure unwritable(Path file, IOException e) {
    String why =
        e instanceof FileAlreadyExistsException
            ? "it is there already; name another, nothing is overwritten"
            : e instanceof NoSuchFileException ? "its directory is not there" : reason(e);
    return new CommandFailure(shown(file) + " cannot be written: " + why, e);
  }

  private static String reason(IOException e) {
    return Escaped.text(String.valueOf(e.getMessage()));
  }
}
