package dev.neurontp.harness.daemon;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** docs/openapi.yaml, and what it says of an answer. */
final class OpenApiDocument {
    private final ObjectNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    OpenApiDocument() throws IOException {
        Path file = Programs.root().resolve("docs/openapi.yaml");
        document = (ObjectNode) new YAMLMapper().readTree(Files.readString(file));
    }

    /** One method of one path. */
    record Operation(String method, String path, JsonNode node) {
        Set<Integer> statuses() {
            return node.get("responses").propertyNames().stream()
                    .map(Integer::valueOf)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        boolean open() {
            return node.has("security") && node.get("security").isEmpty();
        }
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, node) -> {
                    if (!method.equals("parameters")) {
                        operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, node));
                    }
                }));
        return operations;
    }

    Operation find(String method, String path) {
        return operations().stream()
                .filter(operation ->
                        operation.method().equals(method) && operation.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError(method + " " + path + " is not documented"));
    }

    /** What is wrong with an answer by this document; empty when nothing is. */
    List<String> problems(Operation operation, HttpReply answer) {
        JsonNode response = resolve(operation.node().get("responses").path(Integer.toString(answer.status())));
        if (response.isMissingNode()) {
            return List.of("the status " + answer.status() + " is not documented: " + answer.text());
        }
        List<String> problems = new ArrayList<>();
        String type = answer.header("Content-Type").split(";", -1)[0];
        JsonNode content = response.path("content").path(type);
        if (!response.has("content")) {
            if (!answer.text().isEmpty()) {
                problems.add("a body is not documented");
            }
        } else if (content.isMissingNode()) {
            problems.add("the type " + type + " is not documented");
        } else if (type.equals("application/json")) {
            problems.addAll(judge(content.get("schema"), answer.json()));
        }
        if (response.has("headers")) {
            for (String header : response.get("headers").propertyNames()) {
                if (answer.header(header).isEmpty()) {
                    problems.add("the header " + header + " is missing");
                }
            }
        }
        return problems;
    }

    /** The examples of all JSON answers, held to their own schemas. */
    List<String> wrongExamples() {
        List<String> problems = new ArrayList<>();
        for (Operation operation : operations()) {
            operation
                    .node()
                    .get("responses")
                    .forEach(answer -> check(resolve(answer).path("content"), operation, problems));
            check(operation.node().path("requestBody").path("content"), operation, problems);
        }
        return problems;
    }

    private void check(JsonNode contents, Operation operation, List<String> problems) {
        JsonNode content = contents.path("application/json");
        List<JsonNode> examples = new ArrayList<>();
        if (content.has("example")) {
            examples.add(content.get("example"));
        }
        content.path("examples").forEach(example -> examples.add(example.get("value")));
        for (JsonNode example : examples) {
            judge(content.get("schema"), example)
                    .forEach(problem -> problems.add(operation.method() + " " + operation.path() + ": " + problem));
        }
    }

    /** What is wrong with a value by a schema of this document. */
    List<String> judge(JsonNode schema, JsonNode value) {
        ObjectNode whole = document.objectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", document.get("components"));
        return schemas.getSchema(whole).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    JsonNode schema(String name) {
        return document.get("components").get("schemas").get(name);
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
    }
}
