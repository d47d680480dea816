package io.patina.imports.mtree;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import io.patina.facts.Facet;
import io.patina.facts.FileFact;
import io.patina.imports.Exported;
import io.patina.imports.ExtendedAttributes;
import io.patina.manifest.Manifest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the file facts of a manifest as mtree(5): one line per file with its full path, which
 * every dialect reads, extended attributes as go-mtree has them.
 */
public final class MtreeWriter {

  private MtreeWriter() {}

  /** Writes everything that mtree(5) can say; the answer counts what it cannot. */
  public static Exported write(Manifest manifest, OutputStream out) throws IOException {
    Exported.Count count = new Exported.Count();
    Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.ISO_8859_1));
    text.write("#mtree v2.0\n");
    for (Entry entry : manifest) {
      if (!entry.key().facet().equals(Facet.FILE.wireName())) {
        count.left("facts of the facet " + entry.key().facet());
      } else if (entry.isGap()) {
        count.left("gaps");
      } else {
        text.write(path(entry.key().name()));
        keywords(entry.attributes(), text, count);
        text.write('\n');
        count.written();
      }
    }
    text.flush();
    return count.done();
  }

  private static String path(ByteString path) {
    return path.size() == 1 ? "." : "." + Vis.encode(path);
  }

  private static void keywords(Attributes attributes, Writer text, Exported.Count count)
      throws IOException {
    String type = attributes.shown(Attributes.TYPE).orElse("");
    for (Map.Entry<String, ByteString> a : attributes.values().entrySet()) {
      String name = a.getKey();
      ByteString value = a.getValue();
      Optional<String> xattr = ExtendedAttributes.of(name);
      if (name.equals(Attributes.TYPE)) {
        put(text, "type", type.equals(FileFact.DIRECTORY) ? "dir" : type);
      } else if (List.of(Attributes.MODE, Attributes.UID, Attributes.GID, Attributes.SIZE)
          .contains(name)) {
        put(text, name, value.toStringUtf8());
      } else if (List.of(Attributes.MD5, Attributes.SHA256, "sha1", "sha512").contains(name)) {
        put(text, name, HexFormat.of().formatHex(value.toByteArray()));
      } else if (name.equals(Attributes.TARGET)) {
        put(text, "link", Vis.encode(value));
      } else if (name.equals(Attributes.DEVICE)) {
        put(text, "device", "linux," + value.toStringUtf8().replace(':', ','));
      } else if (name.equals(Attributes.FLAGS)) {
        String flags = value.toStringUtf8();
        put(
            text,
            "flags",
            flags.isEmpty()
                ? "none"
                : flags.replace("immutable", "schg").replace("append", "sappnd"));
      } else if (xattr.isPresent() && !value.isEmpty()) {
        put(
            text,
            "xattr." + Vis.encode(ByteString.copyFromUtf8(xattr.get())),
            Base64.getEncoder().encodeToString(value.toByteArray()));
      } else if (name.startsWith(Keywords.ANNOTATION)) {
        put(
            text,
            name.substring(Keywords.ANNOTATION.length()),
            value.toString(StandardCharsets.ISO_8859_1));
      } else if (xattr.isPresent()) {
        // That an attribute is not there, mtree(5) cannot say.
        count.left("attributes stated to be absent, " + name);
      } else {
        count.left("attributes, " + Escaped.text(name));
      }
    }
  }

  private static void put(Writer text, String keyword, String value) throws IOException {
    text.write(' ');
    text.write(keyword);
    text.write('=');
    text.write(value);
  }
}
