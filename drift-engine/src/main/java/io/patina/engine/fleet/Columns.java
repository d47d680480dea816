package io.patina.engine.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.patina.engine.state.Breakdown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads columns as the types that the views have. */
final class Columns {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Columns() {}

  static Instant instant(ResultSet r, String column) throws SQLException {
    Instant instant = instantOrNull(r, column);
    if (instant == null) {
      throw new SQLException("column " + column + " is null");
    }
    return instant;
  }

  static @Nullable Instant instantOrNull(ResultSet r, String column) throws SQLException {
    OffsetDateTime time = r.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static @Nullable String hexOrNull(ResultSet r, String column) throws SQLException {
    byte[] bytes = r.getBytes(column);
    return bytes == null ? null : HexFormat.of().formatHex(bytes);
  }

  static Map<String, String> map(ResultSet r, String column) throws SQLException {
    Map<String, String> map = new TreeMap<>();
    json(r, column).properties().forEach(p -> map.put(p.getKey(), p.getValue().asText()));
    return map;
  }

  static List<String> list(ResultSet r, String column) throws SQLException {
    return JSON.convertValue(json(r, column), new TypeReference<List<String>>() {});
  }

  static <T> @Nullable T objectOrNull(ResultSet r, String column, Class<T> type)
      throws SQLException {
    return r.getString(column) == null ? null : JSON.convertValue(json(r, column), type);
  }

  static Breakdown breakdown(ResultSet r) throws SQLException {
    return JSON.convertValue(json(r, "breakdown"), Breakdown.class);
  }

  static JsonNode json(ResultSet r, String column) throws SQLException {
    try {
      return JSON.readTree(r.getString(column));
    } catch (JsonProcessingException e) {
      throw new SQLException("column " + column + " is no JSON", e);
    }
  }
}
