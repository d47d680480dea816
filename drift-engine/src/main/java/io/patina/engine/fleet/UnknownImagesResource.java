package io.patina.engine.fleet;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Images that nobody has approved a baseline of. */
@Path("/api/v1/images/unknown")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "fleet", description = "What is known of hosts, read only")
public class UnknownImagesResource {

  private final UnknownImages images;

  UnknownImagesResource(UnknownImages images) {
    this.images = images;
  }

  @GET
  @Operation(
      summary = "Images that hosts run and that no approved baseline is of",
      description =
          "Such hosts are unbaselined. Import the image, sign it and have it approved. At most 100,"
              + " those that most hosts run first.")
  public List<UnknownImages.View> list() throws SQLException {
    return images.list();
  }
}
