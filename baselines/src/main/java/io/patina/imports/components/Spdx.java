package io.patina.imports.components;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.patina.imports.Gathering;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.JsonDocument;
import io.patina.imports.Limits;
import io.patina.scope.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** SPDX 2.2 and 2.3 in JSON: the packages that name a package URL of a deb or rpm. */
public final class Spdx {

  private Spdx() {}

  /**
   * Reads a document.
   *
   * @throws InvalidImportException naming the package
   */
  public static Imported read(InputStream in, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    JsonNode root = JsonDocument.read(in, limits.documentBytes(), "the document");
    if (!root.path("spdxVersion").asText().startsWith("SPDX-2.")) {
      throw new InvalidImportException(
          "spdxVersion is not SPDX-2.x; SPDX 3 and the tag-value form are not read");
    }
    Gathering gathering = new Gathering(scope, limits);
    Packages packages = new Packages(gathering);
    int at = 0;
    for (JsonNode p : root.path("packages")) {
      String place = "packages[" + at++ + "]";
      Optional<PackageUrl> url = Optional.empty();
      for (JsonNode ref : p.path("externalRefs")) {
        if (url.isEmpty() && ref.path("referenceType").asText().equals("purl")) {
          url = PackageUrl.parse(ref.path("referenceLocator").asText());
        }
      }
      if (url.isPresent()) {
        packages.add(url.get(), "", ByteString.EMPTY, place);
      } else {
        gathering.count("packages that are no deb or rpm, left out");
      }
    }
    packages.finish();
    return gathering.finish(Packages.CANNOT_KNOW);
  }
}
