package dev.neurontp.ops.validate;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.validate.Bandwidth;
import dev.neurontp.harness.validate.Baseline;
import dev.neurontp.harness.validate.JsonReport;
import dev.neurontp.harness.validate.Status;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What has changed between two reports. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Compares two report.json of validate: verdicts that changed, and bandwidths side by side.",
        footer = {"", "Exit codes: 0 no verdict became worse; 1 a case fails now, or has no verdict any more; 2 usage."
        })
final class DiffCommand implements Callable<Integer> {
    private static final double PERCENT = 100;
    private static final String NONE = "-";
    private static final List<Status> WORST_FIRST = List.of(Status.FAIL, Status.WARN);
    private static final List<Status> VERDICTS = List.of(Status.PASS, Status.WARN, Status.FAIL);

    private final Screen screen;

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "report.json of the earlier run.")
    Path before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "report.json of the later run.")
    Path after;

    DiffCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        JsonNode old;
        JsonNode now;
        try {
            old = report(before);
            now = report(after);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        head("before", before, old);
        head("after", after, now);
        return compare(cases(old), cases(now));
    }

    private static JsonNode report(Path file) {
        JsonNode root = Baseline.json(file);
        if (!root.path("kind").asString("").equals(JsonReport.KIND)) {
            throw new IllegalArgumentException(file + " is no report.json of tpctl validate");
        }
        return root;
    }

    private void head(String which, Path file, JsonNode report) {
        JsonNode machine = report.path("machine_class");
        screen.line(which + "  " + file + "  " + text(report, "verdict") + "  " + text(machine, "devices") + ", NCCL "
                + text(machine, "nccl") + ", driver " + text(machine, "driver"));
    }

    private static Map<String, JsonNode> cases(JsonNode report) {
        Map<String, JsonNode> cases = new LinkedHashMap<>();
        report.path("cases").forEach(one -> cases.merge(text(one, "id"), one, DiffCommand::worse));
        return cases;
    }

    /** A burn-in may have found several things of one case. */
    private static JsonNode worse(JsonNode one, JsonNode other) {
        return WORST_FIRST.stream()
                .flatMap(status -> Stream.of(one, other)
                        .filter(node -> text(node, "status").startsWith(status.name())))
                .findFirst()
                .orElse(other);
    }

    private int compare(Map<String, JsonNode> old, Map<String, JsonNode> now) {
        Set<String> ids = new LinkedHashSet<>(old.keySet());
        ids.addAll(now.keySet());
        Table table = new Table("BEFORE", "AFTER", "BUSBW", "CHANGE", "CASE");
        int rows = 0;
        boolean worse = false;
        int lost = 0;
        for (String id : ids) {
            JsonNode was = old.get(id);
            JsonNode is = now.get(id);
            String wasStatus = was == null ? NONE : text(was, "status");
            String isStatus = is == null ? NONE : text(is, "status");
            boolean rates = was != null
                    && is != null
                    && was.path("busbw").isNumber()
                    && is.path("busbw").isNumber();
            worse |= isStatus.equals(Status.FAIL.name()) && !wasStatus.equals(isStatus);
            lost += isVerdict(wasStatus) && !isVerdict(isStatus) ? 1 : 0;
            if (rates || !wasStatus.equals(isStatus)) {
                table.row(
                        Cell.of(wasStatus),
                        Cell.of(isStatus),
                        Cell.of(rates ? pair(was, is) : NONE),
                        Cell.of(rates ? change(was, is) : NONE),
                        Cell.of(id));
                rows++;
            }
        }
        if (rows == 0) {
            screen.line("the same verdicts in " + ids.size() + " cases, and no bandwidth to compare");
        } else {
            table.lines(screen.columns()).forEach(screen::line);
        }
        if (lost > 0) {
            screen.line(HumanText.count(lost, "case that had a verdict has", "cases that had a verdict have")
                    + " none in the later run");
        }
        return worse || lost > 0 ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Whether a case was judged; a pass may have a mark behind it. */
    private static boolean isVerdict(String status) {
        return VERDICTS.stream().anyMatch(verdict -> status.equals(verdict.name()) || status.startsWith(verdict + " "));
    }

    private static String pair(JsonNode was, JsonNode is) {
        return Bandwidth.text(was.path("busbw").asDouble()) + " -> "
                + Bandwidth.text(is.path("busbw").asDouble());
    }

    private static String change(JsonNode was, JsonNode is) {
        double before = was.path("busbw").asDouble();
        return before <= 0
                ? NONE
                : String.format(Locale.ROOT, "%+.1f%%", (is.path("busbw").asDouble() / before - 1) * PERCENT);
    }

    private static String text(JsonNode node, String field) {
        return ForeignText.of(node.path(field).asString(""), ForeignText.NAME);
    }
}
