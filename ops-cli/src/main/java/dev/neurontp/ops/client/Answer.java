package dev.neurontp.ops.client;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.ops.console.CommandException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads an answer as the interface says, and says what answered where it is none. */
final class Answer {
    private static final int REDIRECTS = 300;
    private static final int ERRORS = 400;

    private Answer() {}

    /**
     * The answer's tree.
     *
     * @param changes whether what was asked for may have been done
     * @throws ApiErrorException when it is an error of the daemon
     */
    static JsonNode of(Daemon daemon, Http.Head head, String body, boolean changes) {
        int status = head.status();
        try {
            if (status >= REDIRECTS && status < ERRORS) {
                throw new UnexpectedReplyException(
                        "it leads elsewhere, to '" + head.first("Location").orElse("") + "'", null);
            }
            JsonNode json = parse(head, body);
            if (status < REDIRECTS) {
                return json;
            }
            JsonNode envelope = json.path("error");
            if (!envelope.path("message").isString() || !envelope.path("type").isString()) {
                throw new UnexpectedReplyException("an error without the error envelope", null);
            }
            throw new ApiErrorException(daemon, status, ApiJson.read(envelope, ApiError.class));
        } catch (UnexpectedReplyException e) {
            CommandException strange = ConnectionErrors.strange(daemon, status, e);
            throw changes ? ConnectionErrors.perhapsDone(strange) : strange;
        }
    }

    /**
     * Ends the command where the answer is of another version of the API.
     *
     * @throws CommandException that names both versions
     */
    static void requireApi(Daemon daemon, Http.Head head) {
        Optional<String> said = head.first(ApiVersion.HEADER);
        if (!ApiVersion.isSpoken(said)) {
            throw ConnectionErrors.otherApi(daemon, said.orElse(""));
        }
    }

    private static JsonNode parse(Http.Head head, String body) {
        if (body.isBlank()) {
            throw new UnexpectedReplyException("it is empty", null);
        }
        try {
            return ApiJson.parse(body);
        } catch (UnexpectedReplyException e) {
            String encoding = head.first("Content-Encoding").orElse("");
            if (!encoding.isEmpty()) {
                throw new UnexpectedReplyException("it is encoded as '" + encoding + "', which was not asked for", e);
            }
            String type = head.first("Content-Type").orElse("");
            if (!type.startsWith("application/json")) {
                throw new UnexpectedReplyException("it is '" + type + "', not application/json", e);
            }
            throw e;
        }
    }
}
