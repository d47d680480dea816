package io.patina.engine.selection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.patina.engine.catalogue.CatalogueReader;
import io.patina.engine.database.Transactions;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import io.patina.manifest.Digest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Which baseline applies to a host. */
@Path("/api/v1/hosts/{id}/baseline")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet", description = "What is known of hosts, read only")
public class ExplainResource {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Transactions transactions;
  private final CatalogueReader catalogue;

  ExplainResource(Transactions transactions, CatalogueReader catalogue) {
    this.transactions = transactions;
    this.catalogue = catalogue;
  }

  @GET
  @Operation(
      summary = "Which baseline applies to a host, and why none of the others",
      description =
          "Every active baseline that could be for it, in the order in which they go, and those that"
              + " wait to be active.")
  public Explanation explain(@PathParam("id") UUID id) throws SQLException {
    return transactions
        .run(
            c -> {
              Optional<Explanation.Asked> host = host(c, id);
              return host.isEmpty()
                  ? Optional.<Explanation>empty()
                  : Optional.of(
                      Explanation.of(host.get(), catalogue.read(c), catalogue.waiting(c)));
            })
        .orElseThrow(() -> new ProblemException(Problem.notFound("No host has this id.")));
  }

  private static Optional<Explanation.Asked> host(Connection c, UUID id) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            """
            select h.name, h.labels, i.id, i.scope, b.name, b.version,
              case when i.image_unknown then i.image end
            from host h join installation i on i.host = h.id
              left join baseline b on b.statement = i.baseline
            where h.id = ? order by i.first_seen desc, i.id desc limit 1
            """)) {
      s.setObject(1, id);
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          return Optional.empty();
        }
        String baseline = r.getString(5);
        return Optional.of(
            new Explanation.Asked(
                id,
                r.getString(1),
                r.getObject(3, UUID.class).toString().replace("-", ""),
                labels(r.getString(2)),
                new Digest(ByteString.copyFrom(r.getBytes(4))),
                baseline == null
                    ? Optional.empty()
                    : Optional.of(new Explanation.Named(baseline, r.getString(6))),
                Optional.ofNullable(r.getString(7))));
      }
    }
  }

  private static Map<String, String> labels(String json) throws SQLException {
    try {
      Map<String, String> labels = new TreeMap<>();
      JSON.readTree(json).properties().forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
      return labels;
    } catch (JsonProcessingException e) {
      throw new SQLException("column labels is no JSON", e);
    }
  }
}
