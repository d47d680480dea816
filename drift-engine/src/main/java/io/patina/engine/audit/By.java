package io.patina.engine.audit;

/**
 * Who decides.
 *
 * @param subject who that is, as authenticated
 * @param means by what that is known: {@code token}, {@code oidc}, {@code token-file} or {@code
 *     signature}
 */
public record By(String subject, String means) {}
