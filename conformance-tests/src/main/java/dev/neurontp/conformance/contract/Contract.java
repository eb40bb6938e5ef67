package dev.neurontp.conformance.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract document of the module rpc, the only thing that the judge takes from it. Immutable. */
public final class Contract {

    /** Where the document lies on the class path. */
    public static final String RESOURCE = "/dev/neurontp/rpc/wire-contract.json";

    private final String version;
    private final Map<String, Rule> rules;
    private final Map<String, Map<String, String>> replyFields;
    private final Set<String> requestOps;
    private final Set<String> laterOps;
    private final List<String> extensionPrefixes;
    private final int maxFrameBytes;

    private Contract(JsonNode document) {
        version = document.get("version").asString();
        Map<String, Rule> read = new LinkedHashMap<>();
        for (JsonNode rule : document.get("rules")) {
            Rule one = rule(rule);
            read.put(one.id(), one);
        }
        rules = java.util.Collections.unmodifiableMap(read);
        Map<String, Map<String, String>> fields = new LinkedHashMap<>();
        for (JsonNode reply : document.get("replies")) {
            Map<String, String> named = new LinkedHashMap<>();
            for (JsonNode field : reply.get("fields")) {
                named.put(field.get("name").asString(), field.get("type").asString());
            }
            fields.put(reply.get("op").asString(), Map.copyOf(named));
        }
        replyFields = Map.copyOf(fields);
        requestOps = names(document.get("ops"), "op");
        JsonNode left = document.get("not_judged");
        laterOps = names(left.get("later_ops"), null);
        extensionPrefixes = List.copyOf(names(left.get("op_prefixes"), null));
        maxFrameBytes = document.get("framing").get("max_frame_bytes").asInt();
    }

    /** Reads the contract from the class path. */
    public static Contract load() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path: the module rpc brings it");
            }
            return new Contract(JsonMapper.shared().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    /** The newest version that the document knows. */
    public String version() {
        return version;
    }

    /** Every rule, in the document's order. */
    public List<Rule> rules() {
        return List.copyOf(rules.values());
    }

    /**
     * The rule of this id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Rule rule(String id) {
        Rule rule = rules.get(id);
        if (rule == null) {
            throw new IllegalArgumentException("no rule is called '" + id + "'; there are " + rules.keySet());
        }
        return rule;
    }

    /** Whether a rule of this id exists. */
    public boolean hasRule(String id) {
        return rules.containsKey(id);
    }

    /** Each reply op with its fields other than {@code op}: name to type, {@code u32} or {@code string}. */
    public Map<String, Map<String, String>> replyFields() {
        return replyFields;
    }

    /** The largest frame that a worker must take, in bytes without its LF. */
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** Whether a judge may send this op as one that no worker knows. */
    public boolean isUnknownOp(String op) {
        return !requestOps.contains(op)
                && !laterOps.contains(op)
                && extensionPrefixes.stream().noneMatch(op::startsWith);
    }

    private static Rule rule(JsonNode node) {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        node.get("stages").forEach(stage -> stages.add(Stage.of(stage.asString())));
        List<String> example = new ArrayList<>();
        node.path("example").properties().forEach(e -> example.add(e.getKey() + ": " + plain(e.getValue())));
        return new Rule(
                node.get("id").asString(),
                Level.valueOf(node.get("level").asString()),
                node.get("since").asString(),
                stages,
                node.get("title").asString(),
                node.get("rule").asString(),
                node.path("why").asString(""),
                node.path("no_judgement").asString(""),
                example);
    }

    private static String plain(JsonNode value) {
        return value.isString() ? value.asString().replace("\n", "\n         ") : value.toString();
    }

    private static Set<String> names(JsonNode list, String field) {
        Set<String> names = new LinkedHashSet<>();
        list.forEach(item -> names.add((field == null ? item : item.get(field)).asString()));
        return java.util.Collections.unmodifiableSet(names);
    }
}
