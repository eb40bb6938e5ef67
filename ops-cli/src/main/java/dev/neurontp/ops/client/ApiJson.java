package dev.neurontp.ops.client;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.text.ForeignJson;
import dev.neurontp.harness.text.JsonProblem;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a daemon sends, as trees and records; a reply that is none is an {@link UnexpectedReplyException}. What answers may be no
 * daemon of ours, so it is read as {@link ForeignJson}.
 */
public final class ApiJson {
    private ApiJson() {}

    /**
     * Has what the first request and its answer need made on another thread meanwhile: Jackson's parsers ask for Java's decimal numbers, whose
     * class takes 20 ms of its own, and addresses for the security settings. Does nothing where the host gives no thread.
     *
     * @param more done on that thread, too
     */
    public static void prepare(Runnable more) {
        try {
            DaemonThread.start("json", () -> {
                useADecimal();
                useAnAddress();
                more.run();
            });
        } catch (ThreadLimitException _) {
            return;
        }
    }

    private static void useADecimal() {
        int _ = BigDecimal.ONE.signum();
    }

    private static void useAnAddress() {
        InetAddress _ = InetAddress.getLoopbackAddress();
    }

    /**
     * The text as a tree.
     *
     * @throws UnexpectedReplyException when it is not one JSON object
     */
    static JsonNode parse(String text) {
        JsonNode tree;
        try {
            tree = ForeignJson.parse(text);
        } catch (JacksonException e) {
            throw new UnexpectedReplyException("it is not JSON: " + JsonProblem.of(e), e);
        }
        if (!tree.isObject()) {
            throw new UnexpectedReplyException("it is no JSON object", null);
        }
        return tree;
    }

    /**
     * The tree as a record.
     *
     * @throws UnexpectedReplyException when a field is missing, has another type than the interface says, or breaks one of {@link ViewRules}
     */
    static <T> T read(JsonNode node, Class<T> type) {
        try {
            T read = Json.read(node, type);
            if (read == null) {
                throw new UnexpectedReplyException("it holds no " + type.getSimpleName(), null);
            }
            ViewRules.broken(node, type).ifPresent(place -> {
                throw new UnexpectedReplyException(wrong(type, place), null);
            });
            return read;
        } catch (JacksonException e) {
            String place = e.getPath().stream()
                    .map(step ->
                            step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                    .collect(Collectors.joining());
            throw new UnexpectedReplyException(wrong(type, place), e);
        }
    }

    private static String wrong(Class<?> type, String place) {
        return "it is no " + type.getSimpleName()
                + (place.isEmpty() ? "" : ": " + place + " is not as the interface says");
    }

    /** The same for what is certain to be one. */
    public static <T> T record(JsonNode node, Class<T> type) {
        return Json.read(node, type);
    }

    /** A record, a map or a tree as a tree. */
    public static JsonNode tree(Object value) {
        return value instanceof JsonNode tree ? tree.deepCopy() : Json.mapper().valueToTree(value);
    }

    /** On one line. */
    public static String text(Object value) {
        return Json.text(value);
    }
}
