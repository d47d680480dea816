package io.patina.engine.pages;

import io.patina.engine.fleet.DeviationView;
import io.patina.engine.fleet.Deviations;
import io.patina.engine.fleet.FleetCounts;
import io.patina.engine.fleet.Groups;
import io.patina.engine.fleet.HostView;
import io.patina.engine.fleet.Hosts;
import io.patina.engine.fleet.Listed;
import io.patina.engine.fleet.Requests;
import io.patina.engine.fleet.Timeline;
import io.patina.engine.fleet.UnknownImages;
import io.patina.engine.problems.Problem;
import io.patina.engine.problems.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The pages, by address. */
@Path("/")
@Produces("text/html; charset=utf-8")
public class PagesResource {

  private final FleetCounts counts;
  private final Hosts hosts;
  private final Deviations deviations;
  private final SharedPages shared;
  private final Timeline timeline;
  private final Groups groups;
  private final BaselinePages baselines;
  private final UnknownImages images;
  private final Written written;

  @SuppressWarnings("TooManyParameters") // one for each thing that has a page
  PagesResource(
      FleetCounts counts,
      Hosts hosts,
      Deviations deviations,
      SharedPages shared,
      Timeline timeline,
      Groups groups,
      BaselinePages baselines,
      UnknownImages images,
      Written written) {
    this.images = images;
    this.counts = counts;
    this.hosts = hosts;
    this.deviations = deviations;
    this.shared = shared;
    this.timeline = timeline;
    this.groups = groups;
    this.baselines = baselines;
    this.written = written;
  }

  @GET
  @Operation(hidden = true)
  public String fleet() throws SQLException {
    List<HostView> attention = hosts.attention(FleetPage.NAMED);
    List<HostView> some =
        attention.isEmpty()
            ? hosts.list(Hosts.Filter.NONE, FleetPage.NAMED, null).items()
            : List.of();
    return written.page(
        "fleet", FleetPage.from(counts.fleet(), attention, some, images.list(), Instant.now()));
  }

  @GET
  @Path("hosts")
  @Operation(hidden = true)
  public String hosts(
      @QueryParam("verdict") @Nullable String verdict,
      @QueryParam("pool") @Nullable String pool,
      @QueryParam("q") @Nullable String q,
      @QueryParam("cursor") @Nullable String cursor)
      throws SQLException {
    Hosts.Filter filter = Requests.filter(verdict, pool, q);
    List<String> pools =
        counts.fleet().pools().stream().map(FleetCounts.Pool::name).limit(500).toList();
    return written.page(
        "hosts",
        HostsPage.from(filter, pools, hosts.list(filter, HostsPage.SIZE, cursor), Instant.now()));
  }

  @GET
  @Path("hosts/{id}")
  @Operation(hidden = true)
  public String host(
      @PathParam("id") String id,
      @QueryParam("before") @Nullable String before,
      @QueryParam("shared") @Nullable String share,
      @QueryParam("from") @Nullable String from)
      throws SQLException {
    UUID host = Requests.host(id);
    HostView view =
        hosts
            .host(host)
            .orElseThrow(() -> missing("No host has this id. It may be a mistyped one."));
    Listed<DeviationView> open = deviations.list(host, true, HostPage.MOST_DEVIATIONS, null);
    return written.page(
        "host",
        HostPage.from(
            view,
            groups.list(host, true, HostPage.GROUPS, null).items(),
            open,
            view.deviations().unlisted() == 0
                ? List.of()
                : shared.of(host, share, from, Instant.now()),
            timeline.list(host, HostPage.EVENTS, before),
            Instant.now()));
  }

  @GET
  @Path("baselines")
  @Operation(hidden = true)
  public String baselines(@QueryParam("cursor") @Nullable String cursor) throws SQLException {
    return written.page("baselines", baselines.list(cursor));
  }

  @GET
  @Path("baselines/{name}/{version}")
  @Operation(hidden = true)
  public String baseline(@PathParam("name") String name, @PathParam("version") String version)
      throws SQLException {
    return written.page(
        "baseline",
        baselines
            .one(name, version)
            .orElseThrow(() -> missing("No baseline has this name and version.")));
  }

  private static ProblemException missing(String detail) {
    return new ProblemException(Problem.notFound(detail));
  }
}
