package io.patina.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.FileFact;
import io.patina.facts.Gap;
import io.patina.facts.Generated;
import io.patina.imports.components.CycloneDx;
import io.patina.imports.mtree.MtreeReader;
import io.patina.imports.mtree.MtreeWriter;
import io.patina.imports.policies.KeylimePolicy;
import io.patina.manifest.Manifest;
import io.patina.manifest.ManifestNdjson;
import io.patina.scope.Scope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** import(export(x)) is x for what a format can carry, and x says what that is. */
class RoundTripTest {
  private static final Scope SCOPE = Scopes.everything();
  private static final int SEEDS = 300;

  private interface Writing {
    Exported write(Manifest manifest, ByteArrayOutputStream out) throws Exception;
  }

  private interface Reading {
    Imported read(ByteArrayInputStream in) throws Exception;
  }

  /**
   * A format.
   *
   * @param carries what of the attributes of that facet
   * @param least facts that must have been tried
   */
  private record Format(
      String name,
      Writing writing,
      Reading reading,
      Facet facet,
      UnaryOperator<Attributes> carries,
      int least) {}

  private static final List<Format> FORMATS =
      List.of(
          new Format(
              "mtree",
              MtreeWriter::write,
              in -> MtreeReader.read(in, SCOPE, Limits.STANDARD),
              Facet.FILE,
              RoundTripTest::withoutAbsences,
              1000),
          new Format(
              "keylime",
              KeylimePolicy::write,
              in -> KeylimePolicy.read(in, SCOPE, Limits.STANDARD),
              Facet.FILE,
              RoundTripTest::onlyDigest,
              300),
          new Format(
              "cyclonedx",
              CycloneDx::write,
              in -> CycloneDx.read(in, SCOPE, Limits.STANDARD),
              Facet.PACKAGE,
              a -> a,
              1000));

  @Test
  void eachFormatBringsBackWhatItCanCarry() throws Exception {
    for (Format format : FORMATS) {
      long facts = 0;
      for (long seed = 1; seed <= SEEDS; seed++) {
        Manifest made = made(new Generated(seed));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Exported exported = format.writing().write(made, out);
        Manifest imported = format.reading().read(in(out)).manifest();
        Manifest carried = kept(made, format.facet(), format.carries());
        assertEquals(carried, imported, format.name() + " seed " + seed + "\n" + out);
        assertEquals(carried.size(), exported.written(), format.name() + " seed " + seed);
        facts += carried.size();
      }
      assertTrue(facts > format.least(), format.name() + ": only " + facts + " facts were tried");
    }
  }

  @Test
  void ndjsonCarriesEverything() throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Manifest made = made(new Generated(seed));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ManifestNdjson.write(made, out);
      assertEquals(made, ManifestNdjson.read(in(out)), "seed " + seed);
    }
  }

  private static ByteArrayInputStream in(ByteArrayOutputStream out) {
    return new ByteArrayInputStream(out.toByteArray());
  }

  /** The facts of a facet, each reduced to what is carried; none for those reduced to nothing. */
  private static Manifest kept(Manifest made, Facet facet, UnaryOperator<Attributes> reduce) {
    List<Entry> out = new ArrayList<>();
    for (Entry e : made) {
      if (!e.isGap() && e.key().facet().equals(facet.wireName())) {
        Attributes reduced = reduce.apply(e.attributes());
        if (!reduced.isEmpty() && carries(e.key(), facet, reduced)) {
          out.add(Entry.of(e.key(), reduced));
        }
      }
    }
    return Manifest.of(made.scope(), out);
  }

  /** JSON has no bytes: a policy leaves out names that are not UTF-8. */
  private static boolean carries(FactKey key, Facet facet, Attributes reduced) {
    boolean policy = reduced.values().size() == 2 && reduced.get(Attributes.SHA256).isPresent();
    return facet != Facet.FILE
        || !policy
        || key.name().isValidUtf8()
        || reduced.get("mode").isPresent();
  }

  private static Attributes withoutAbsences(Attributes a) {
    Attributes.Builder out = new Attributes.Builder();
    for (Map.Entry<String, ByteString> e : a.values().entrySet()) {
      boolean xattr = e.getKey().equals("capability") || e.getKey().startsWith("xattr:");
      if (!Attributes.isAnnotation(e.getKey()) && !(xattr && e.getValue().isEmpty())) {
        out.bytes(e.getKey(), e.getValue());
      }
    }
    return out.build();
  }

  private static Attributes onlyDigest(Attributes a) {
    return a.get(Attributes.SHA256)
        .map(
            d ->
                new Attributes.Builder()
                    .text(Attributes.TYPE, FileFact.REGULAR)
                    .bytes(Attributes.SHA256, d)
                    .build())
        .orElse(Attributes.NONE);
  }

  private static Manifest made(Generated g) {
    List<Entry> out = new ArrayList<>();
    int n = g.below(12);
    for (int i = 0; i < n; i++) {
      ByteString name = ByteString.copyFromUtf8("/d/" + i).concat(fileName(g));
      FactKey key = FactKey.file(name);
      out.add(
          g.below(10) == 0
              ? Entry.of(new Gap(key, false, Gap.PERMISSION))
              : Entry.of(key, file(g)));
    }
    n = g.below(8);
    for (int i = 0; i < n; i++) {
      String manager = g.sometimes() ? "rpm" : "dpkg";
      String key = manager + ":lib+x" + i + ":" + (g.sometimes() ? "all" : "amd64");
      String version = (g.sometimes() ? "2:" : "") + "1." + g.below(9) + "~rc+b-" + g.below(9);
      Attributes.Builder a = new Attributes.Builder();
      a.text("versions", g.sometimes() ? version + " 9.1-1" : version);
      if (g.sometimes()) {
        a.text("vendor", "Some \"Vendor\" \u00e9");
      }
      if (manager.equals("rpm") && g.sometimes()) {
        a.bytes("header", g.exactly(32));
      }
      out.add(Entry.of(FactKey.of(Facet.PACKAGE, key), a.build()));
    }
    return Manifest.of(SCOPE.digest(), out);
  }

  /** No slash and no NUL, anything else. */
  private static ByteString fileName(Generated g) {
    byte[] raw = g.name().toByteArray();
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == 0 || raw[i] == '/') {
        raw[i] = '*';
      }
    }
    return ByteString.copyFrom(raw);
  }

  private static Attributes file(Generated g) {
    List<String> types = FileFact.TYPES.stream().sorted().toList();
    String type = g.sometimes() ? types.get(g.below(types.size())) : FileFact.REGULAR;
    Attributes.Builder a = new Attributes.Builder().text(Attributes.TYPE, type);
    a.text(Attributes.MODE, Integer.toString(0x1000 | g.below(010000), 8).substring(1));
    a.text(Attributes.UID, Integer.toString(g.below(70000)));
    a.text(Attributes.GID, Integer.toString(g.below(70000)));
    switch (type) {
      case FileFact.REGULAR -> {
        a.text(Attributes.SIZE, Integer.toString(g.below(1 << 30)));
        a.bytes(Attributes.SHA256, g.exactly(32));
        a.bytes("capability", g.sometimes() ? g.exactly(20) : ByteString.EMPTY);
        a.text(
            Attributes.FLAGS,
            List.of("", "", "immutable", "append", "immutable,append").get(g.below(5)));
        if (g.sometimes()) {
          a.bytes(Attributes.MD5, g.exactly(16));
        }
      }
      case FileFact.LINK ->
          a.bytes(Attributes.TARGET, ByteString.copyFromUtf8("t").concat(g.name()));
      case "char", "block" -> a.text(Attributes.DEVICE, g.below(512) + ":" + g.below(1 << 20));
      default -> {}
    }
    if (g.sometimes()) {
      a.bytes("xattr:user.caf\u00e9 =" + g.below(3), g.bytes(9));
      a.bytes("acl", g.exactly(28));
      a.text(Attributes.PACKAGE, "dpkg:x:amd64");
    }
    return a.build();
  }
}
