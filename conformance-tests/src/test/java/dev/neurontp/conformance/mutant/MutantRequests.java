package dev.neurontp.conformance.mutant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the mutant worker answers to one line. */
final class MutantRequests {

    private static final Map<String, String> MARKERS =
            Map.of("7a-i", "not_implemented_7a_i", "7a-ii-no-cuda", "cuda_feature_not_enabled");

    private static final Set<String> LATER = Set.of(
            "load_dense_shard",
            "generate_step",
            "generate_step_with_images",
            "clear_kv_cache",
            "snapshot_kv_cache",
            "restore_kv_cache",
            "drop_kv_snapshot",
            "query_vram",
            "unload_model");

    private final MutantArguments identity;
    private final Faults faults;
    private final MutantGroup group;
    private final String marker;
    private int count;

    MutantRequests(MutantArguments identity, String stage, Faults faults) {
        this.identity = identity;
        this.faults = faults;
        this.group = new MutantGroup(identity, faults);
        this.marker = faults.has("wrong-marker") ? "not_implemented" : MARKERS.get(stage);
    }

    String handle(String line) {
        count++;
        Object value;
        try {
            value = new TinyJson(line, faults).whole();
        } catch (TinyJson.Bad e) {
            if (faults.has("dies-on-bad-json")) {
                System.err.println("bad JSON");
                MutantWorker.exit(1);
            }
            return error("bad_request", e.getMessage() + (faults.has("quotes-whole-lines") ? ": " + line : ""));
        } catch (StackOverflowError e) {
            System.err.println("stack overflow");
            MutantWorker.exit(134);
            throw e;
        }
        if (value instanceof TinyJson.Items items && isTaken(items)) {
            return pong();
        }
        if (!(value instanceof TinyJson.Fields fields)) {
            return error("bad_request", "not an object");
        }
        return request(fields);
    }

    private boolean isTaken(TinyJson.Items items) {
        return (faults.has("takes-positional") && items.first() instanceof String)
                || (faults.has("takes-batches") && items.first() instanceof TinyJson.Fields);
    }

    private String request(TinyJson.Fields fields) {
        List<Object> ops = fields.values.get("op");
        if (ops == null && faults.has("any-case-names")) {
            ops = fields.values.get("Op");
        }
        if (ops == null) {
            return error("bad_request", "the field op is missing");
        }
        if (ops.size() > 1 && !faults.has("takes-op-twice") && !faults.has("last-op-wins")) {
            return error("bad_request", "op is given twice");
        }
        if (!((faults.has("last-op-wins") ? ops.getLast() : ops.getFirst()) instanceof String op)) {
            return faults.has("any-op-type") ? pong() : error("bad_request", "op is no string");
        }
        if (faults.has("op-comes-first")
                && !fields.values.keySet().iterator().next().equals("op")) {
            return error("bad_request", "op must come first");
        }
        if (faults.has("refuses-unknown-fields") && !Set.of("op", "comm_id").containsAll(fields.values.keySet())) {
            return error("bad_request", "unknown field");
        }
        if (faults.has("refuses-any-duplicate")
                && fields.values.values().stream().anyMatch(values -> values.size() > 1)) {
            return error("bad_request", "a field twice");
        }
        if (faults.has("types-foreign-comm-id")
                && !(fields.values.getOrDefault("comm_id", List.of("")).getFirst() instanceof String)) {
            return error("bad_request", "comm_id is no string");
        }
        String tag = faults.has("any-case") ? op.toLowerCase(Locale.ROOT) : faults.has("trims-op") ? op.strip() : op;
        return switch (tag) {
            case "ping" -> pong();
            case "nccl_sanity_check" -> sanity();
            case "init" -> init(fields.values.get("comm_id"));
            case "shutdown" ->
                faults.has("plain-shutdown-only") && fields.values.size() > 1 ? unknown(op) : "{\"op\":\"bye\"}";
            default -> unknown(op);
        };
    }

    private String unknown(String op) {
        if (faults.has("takes-unknown-ops") || (faults.has("takes-extensions") && op.startsWith("x_"))) {
            return pong();
        }
        if (faults.has("serves-later-ops") && LATER.contains(op)) {
            return "{\"op\":\"" + op + "_ok\"}";
        }
        if (faults.has("answers-extensions") && op.startsWith("x_")) {
            return "{\"op\":\"" + op + "\",\"x\":[1]}";
        }
        String kind = faults.has("says-unknown-op") || (faults.has("two-unknown-kinds") && count % 2 == 0)
                ? "unknown_op"
                : faults.has("odd-unknown-kind") ? "no_such_op" : "bad_request";
        return error(
                kind, "no op " + (faults.has("quotes-whole-lines") || op.length() < 50 ? op : op.substring(0, 50)));
    }

    private String pong() {
        if (faults.has("marks-ping")) {
            return error(marker, "not yet");
        }
        long rank = faults.has("rank-plus-one") ? identity.rank() + 1 : identity.rank();
        long size = faults.has("size-is-rank-plus-1") ? identity.rank() + 1 : identity.size();
        long device = faults.has("device-is-rank") ? identity.rank() : identity.device();
        String op = faults.has("wrong-tag") ? "Pong" : "pong";
        String sizeName = faults.has("renamed-field") ? "worldSize" : "world_size";
        String deviceField = faults.has("no-device") ? "" : ",\"cuda_device\":" + number(device);
        String extra = faults.has("extra-field") ? ",\"uptime\":" + count : "";
        String head = "\"op\":\"" + op + "\"";
        String body = "\"rank\":" + number(rank) + ",\"" + sizeName + "\":" + number(size) + deviceField + extra;
        String type = faults.has("type-for-op") ? "\"type\":\"pong\"" : head;
        if (faults.has("shuffles-fields")) {
            List<String> fields = new ArrayList<>(List.of((type + "," + body).split(",")));
            Collections.rotate(fields, count);
            return "{" + String.join(",", fields) + "}";
        }
        if (faults.has("escapes-names")) {
            type = "\"\\u006fp\":\"p\\u006Fng\"";
            body = body.replace("rank", "r\\u0061nk");
        }
        return faults.has("op-last") ? "{" + body + "," + type + "}" : "{" + type + "," + body + "}";
    }

    private String number(long value) {
        if (faults.has("numbers-as-strings")) {
            return "\"" + value + "\"";
        }
        if (faults.has("numbers-as-doubles")) {
            return Double.toString((double) value);
        }
        if (faults.has("signed-replies")) {
            return Integer.toString((int) value);
        }
        return Long.toString(value);
    }

    private String sanity() {
        if (marker == null) {
            return group.sanity();
        }
        return faults.has("sanity-succeeds")
                ? "{\"op\":\"nccl_sanity_result\",\"observed_sum\":" + identity.size() + "}"
                : error(marker, "not here");
    }

    private String init(List<Object> ids) {
        if (ids == null) {
            return faults.has("comm-id-optional")
                    ? error(marker, "not here")
                    : error("bad_request", "comm_id is missing");
        }
        if (ids.size() > 1 && !faults.has("takes-comm-id-twice")) {
            return error("bad_request", "comm_id is given twice");
        }
        if (!(ids.getFirst() instanceof String id)) {
            return faults.has("any-comm-id-type")
                    ? error(marker, "not here")
                    : error("bad_request", "comm_id is no string");
        }
        if (marker == null) {
            return group.init(id);
        }
        if (faults.has("checks-digits") && !id.matches("[0-9a-fA-F]{256}")) {
            return error("bad_request", "comm_id is not 256 hex digits");
        }
        return faults.has("no-marker-on-init") ? error("bad_request", "unknown op init") : error(marker, "not here");
    }

    String error(String kind, String message) {
        return error(faults, kind, message, count);
    }

    static String error(Faults faults, String kind, String message, int count) {
        String words =
                faults.has("empty-message") ? "" : faults.has("changing-messages") ? message + " " + count : message;
        if (faults.has("one-letter-messages")) {
            words = "!";
        }
        if (faults.has("full-messages")) {
            words = (words.length() > 100 ? "" : words.replaceAll("[^ -~]", "?")) + "m".repeat(5000);
            words = words.substring(0, 4096);
        }
        String quoted = faults.has("breaks-lines")
                ? "\"" + words.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                : quote(words, faults);
        String named = faults.has("odd-error-kind") ? "badRequest" : kind;
        String kindValue = faults.has("numeric-kind") ? "7" : "\"" + named + "\"";
        String errorExtra = faults.has("extra-error-field") ? ",\"code\":400" : "";
        if (faults.has("escapes-names")) {
            return "{\"o\\u0070\":\"err\\u006fr\",\"k\\u0069nd\":" + kindValue.replace("_", "\\u005f") + ",\"message\":"
                    + quoted + "}";
        }
        return faults.has("op-last") || (faults.has("shuffles-fields") && count % 2 == 0)
                ? "{\"message\":" + quoted + ",\"kind\":" + kindValue + ",\"op\":\"error\"}"
                : "{\"op\":\"error\",\"kind\":" + kindValue + ",\"message\":" + quoted + errorExtra + "}";
    }

    private static String quote(String text, Faults faults) {
        StringBuilder out = new StringBuilder("\"");
        if (faults.has("long-messages")) {
            out.append("m".repeat(4000 - Math.min(4000, text.length() * 4)));
        }
        if (faults.has("foreign-messages")) {
            out.append("\u00e9\u4e2d\ud83d\ude00 \u2028");
        }
        if (faults.has("short-escapes")) {
            out.append("\\/\\b\\f\\n\\r\\t\\\\\\\"\\uD83D\\uDE00\\u0000\u007f");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape = c < ' ' || c == '"' || c == '\\' || faults.has("escapes-everything");
            out.append(escape ? String.format("\\u%04x", (int) c) : String.valueOf(c));
        }
        return out.append('"').toString();
    }
}
