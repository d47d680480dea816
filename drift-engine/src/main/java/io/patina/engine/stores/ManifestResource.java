package io.patina.engine.stores;

import com.github.luben.zstd.ZstdInputStream;
import io.patina.engine.database.Transactions;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.engine.state.ManifestTable;
import io.patina.manifest.Digest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Manifests by digest. */
@Path("/api/v1/manifests/{digest}")
@Tag(name = "baselines", description = "What hosts should be")
public class ManifestResource {

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** For ever: another content has another address. */
  private static final String FOR_EVER = "max-age=31536000, immutable";

  private final Transactions transactions;

  ManifestResource(Transactions transactions) {
    this.transactions = transactions;
  }

  /** What of a request decides how the answer looks. */
  private record Asked(
      Digest digest, boolean packed, boolean known, boolean withToken, boolean whole) {

    static Asked of(
        String digest,
        @Nullable String encodings,
        @Nullable String match,
        @Nullable String authorization,
        boolean whole) {
      if (!DIGEST.matcher(digest).matches()) {
        throw new ProblemException(
            Problem.badRequest("A manifest's address ends with its SHA-256, 64 digits of 0-9a-f."));
      }
      boolean packed = encodings != null && takesZstd(encodings);
      boolean known = match != null && match.contains(tag(digest, packed));
      return new Asked(Digest.ofHex(digest), packed, known, authorization != null, whole);
    }

    private static boolean takesZstd(String encodings) {
      return Arrays.stream(encodings.toLowerCase(Locale.ROOT).split(",", -1))
          .map(e -> e.replace(" ", ""))
          .anyMatch(e -> e.equals("zstd") || (e.startsWith("zstd;") && !e.endsWith("q=0")));
    }

    String tag() {
      return tag(digest.hex(), packed);
    }

    private static String tag(String digest, boolean packed) {
      return '"' + digest + (packed ? "-zstd" : "") + '"';
    }
  }

  @GET
  @Operation(
      summary = "The canonical bytes of a manifest",
      description =
          "Verify that their SHA-256 is the digest that was asked for. With Accept-Encoding: zstd they"
              + " come packed. The answer never changes.")
  public Response get(
      @PathParam("digest") String digest,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @Nullable String encodings,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String match,
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @Context HttpServerResponse response)
      throws SQLException {
    return answer(response, Asked.of(digest, encodings, match, authorization, true));
  }

  @HEAD
  @Operation(summary = "Whether a manifest is held")
  public Response head(
      @PathParam("digest") String digest,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @Nullable String encodings,
      @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String match,
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @Context HttpServerResponse response)
      throws SQLException {
    return answer(response, Asked.of(digest, encodings, match, authorization, false));
  }

  private Response answer(HttpServerResponse response, Asked asked) throws SQLException {
    boolean content = asked.whole() && !asked.known();
    ManifestTable.Packed held =
        transactions
            .run(c -> ManifestTable.packed(c, asked.digest(), content))
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.notFound("This engine holds no manifest of that digest.")));
    Response.ResponseBuilder answer =
        asked.known()
            ? Response.notModified()
            : Response.ok().type(MediaType.APPLICATION_OCTET_STREAM);
    // Instead of what the gate says of everything else. What only the bearer of a token may read is
    // not for caches that others share.
    response.putHeader(
        HttpHeaders.CACHE_CONTROL, (asked.withToken() ? "private, " : "public, ") + FOR_EVER);
    answer
        .header(HttpHeaders.ETAG, asked.tag())
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    if (asked.known()) {
      return answer.build();
    }
    if (asked.packed()) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "zstd");
    }
    if (!content) {
      return answer.build();
    }
    if (asked.packed()) {
      return answer.entity(held.content().toByteArray()).build();
    }
    StreamingOutput unpacked =
        out -> {
          try (ZstdInputStream in = new ZstdInputStream(held.content().newInput())) {
            in.transferTo(out);
          }
        };
    return answer.entity(unpacked).build();
  }
}
