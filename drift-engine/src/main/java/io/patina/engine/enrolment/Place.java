package io.patina.engine.enrolment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where in the fleet a host is to be.
 *
 * @param pool null: {@code default} for a new host, unchanged for a known one
 * @param labels assigned ones; put over those that a known host has
 */
public record Place(@Nullable String pool, Map<String, String> labels) {

  static final String DEFAULT_POOL = "default";

  /** The pool of hosts that nobody has approved: none. */
  static final String NO_POOL = "";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

  public Place {
    labels = Map.copyOf(labels);
  }

  /** The labels as the tables have them. */
  String json() {
    return json(labels);
  }

  static String json(Map<String, String> labels) {
    return JSON.valueToTree(new TreeMap<>(labels)).toString();
  }

  /** Reads columns {@code pool} and {@code labels}. */
  static Place read(ResultSet r) throws SQLException {
    return new Place(r.getString("pool"), labels(r));
  }

  /** Reads the column {@code labels}. */
  static Map<String, String> labels(ResultSet r) throws SQLException {
    try {
      return JSON.readValue(r.getString("labels"), LABELS);
    } catch (JsonProcessingException e) {
      throw new SQLException("column labels is no JSON", e);
    }
  }
}
