package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A PTX text in its parts, with what can be said of it without a driver: all registers, labels, parameters and functions that it uses exist. */
record PtxProgram(Map<String, Function> functions) {
    static final Set<String> SPECIAL = Set.of("%ctaid.x", "%ntid.x", "%nctaid.x", "%tid.x");

    private static final Pattern FUNCTION =
            Pattern.compile("\\.(func|entry)\\s*(?:\\(([^)]*)\\))?\\s*(\\w+)\\s*\\(([^)]*)\\)\\s*\\{([^}]*)}");
    private static final Pattern VARIABLE =
            Pattern.compile("\\.(?:reg|param)\\s+\\.(\\w+)\\s+([^;]*?)(?=;|,\\s*\\.|\\s*$)");
    private static final Pattern REGISTER = Pattern.compile("%[a-z0-9]+(?:\\.x)?");

    /**
     * One instruction.
     *
     * @param guard the predicate that it needs; empty for none
     * @param operands without commas and brackets
     */
    record Instruction(String guard, List<String> opcode, List<String> operands) {}

    /**
     * A kernel or a function.
     *
     * @param result empty for a kernel
     * @param parameters name and type, in order
     * @param variables registers, with those among result and parameters
     */
    record Function(
            String result,
            Map<String, String> parameters,
            Map<String, String> variables,
            Map<String, Integer> labels,
            List<Instruction> instructions) {}

    static PtxProgram parse(String text) {
        Map<String, Function> functions = new HashMap<>();
        Matcher matcher = FUNCTION.matcher(text.replaceAll("//.*", ""));
        while (matcher.find()) {
            Map<String, String> result = variables(matcher.group(2) == null ? "" : matcher.group(2));
            Map<String, String> parameters = variables(matcher.group(4));
            Map<String, String> variables = new LinkedHashMap<>(parameters);
            variables.putAll(result);
            Map<String, Integer> labels = new HashMap<>();
            List<Instruction> instructions = new ArrayList<>();
            for (String statement : matcher.group(5).split(";", -1)) {
                if (statement.strip().startsWith(".reg")) {
                    variables.putAll(variables(statement.strip()));
                } else {
                    add(statement.strip(), labels, instructions);
                }
            }
            functions.put(
                    matcher.group(3),
                    new Function(String.join("", result.keySet()), parameters, variables, labels, instructions));
        }
        PtxProgram program = new PtxProgram(functions);
        functions.values().forEach(program::check);
        return program;
    }

    private static Map<String, String> variables(String list) {
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = VARIABLE.matcher(list.replaceAll("\\s+", " "));
        while (matcher.find()) {
            for (String name : matcher.group(2).split(",", -1)) {
                assertThat(found.put(name.strip(), matcher.group(1)))
                        .as(name + " is declared twice")
                        .isNull();
            }
        }
        return found;
    }

    private static void add(String statement, Map<String, Integer> labels, List<Instruction> instructions) {
        Matcher label = Pattern.compile("(\\w+):\\s*").matcher(statement);
        String rest = statement;
        if (label.lookingAt()) {
            labels.put(label.group(1), instructions.size());
            rest = statement.substring(label.end());
        }
        Matcher parts = Pattern.compile("(?:@(%\\w+)\\s+)?([\\w.]+)\\s*(.*)", Pattern.DOTALL)
                .matcher(rest);
        if (parts.matches()) {
            List<String> operands = Stream.of(parts.group(3).split("[\\s,()\\[\\]+]+", -1))
                    .filter(operand -> !operand.isEmpty())
                    .toList();
            String guard = parts.group(1) == null ? "" : parts.group(1);
            instructions.add(new Instruction(guard, List.of(parts.group(2).split("\\.", -1)), operands));
        }
    }

    private void check(Function function) {
        for (Instruction instruction : function.instructions()) {
            List<String> operands = instruction.operands();
            Stream.concat(operands.stream(), Stream.of(instruction.guard()))
                    .filter(operand -> REGISTER.matcher(operand).matches() && !SPECIAL.contains(operand))
                    .forEach(register -> assertThat(function.variables())
                            .as("the registers of " + instruction)
                            .containsKey(register));
            switch (instruction.opcode().getFirst()) {
                case "bra" -> assertThat(function.labels()).containsKey(operands.getFirst());
                case "call" -> {
                    Function called = functions.get(operands.get(1));
                    assertThat(called).as(instruction.toString()).isNotNull();
                    List<String> given = operands.subList(2, operands.size()).stream()
                            .map(function.variables()::get)
                            .toList();
                    assertThat(given)
                            .as(instruction.toString())
                            .containsExactlyElementsOf(called.parameters().values());
                }
                case "ld" -> {
                    if (instruction.opcode().get(1).equals("param")) {
                        assertThat(function.parameters())
                                .containsEntry(
                                        operands.get(1), instruction.opcode().get(2));
                        assertThat(function.variables())
                                .containsEntry(
                                        operands.get(0), instruction.opcode().get(2));
                    }
                }
                default -> {}
            }
        }
    }
}
