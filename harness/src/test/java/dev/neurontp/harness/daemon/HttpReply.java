package dev.neurontp.harness.daemon;

import dev.neurontp.harness.api.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a daemon answered. */
record HttpReply(int status, Map<String, List<String>> headers, String text) {
    JsonNode json() {
        return Json.mapper().readTree(text);
    }

    /** The type of the error in the envelope. */
    String error() {
        return json().path("error").path("type").asString("");
    }

    String message() {
        return json().path("error").path("message").asString("");
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).getFirst();
    }
}
