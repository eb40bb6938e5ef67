package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunFacts;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.process.Secrets;
import dev.neurontp.conformance.soak.Sample;
import dev.neurontp.conformance.soak.SoakReport;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code report.json}: its fields are documented in docs/conformance.md, and only grow within a format. */
final class JsonReport {

    private static final int FORMAT = 1;
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private JsonReport() {}

    static String of(RunReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT);
        facts(root, report.facts());
        options(root, report.options());
        root.put("stage", report.stage());
        root.put("stage_known", report.stageReason());
        root.put("started_at", report.startedAt().toString());
        root.put("took_ms", report.took().toMillis());
        root.put("processes", report.processes());
        root.put("cases", report.cases());
        root.put("suite_cpu_ms", report.cpu().own().toMillis());
        root.put("workers_cpu_ms", report.cpu().children().toMillis());
        root.put("exit_code", report.outcome().exitCode());
        root.put("stopped", report.stop());
        root.put("not_judged", report.unjudgeable());
        strings(root.putArray("stderr"), report.stderr());
        ObjectNode counts = root.putObject("counts");
        for (var verdict : dev.neurontp.conformance.Verdict.values()) {
            counts.put(verdict.name().toLowerCase(Locale.ROOT), report.count(verdict));
        }
        rules(root.putArray("rules"), report);
        failures(root.putArray("failures"), report.findings());
        strings(
                root.putArray("stale_known_failures"),
                report.stale().stream().map(Object::toString).toList());
        ArrayNode flaky = root.putArray("flaky_known_failures");
        report.flaky()
                .forEach(one ->
                        flaky.addObject().put("entry", one.entry().toString()).put("failed", one.failed()));
        strings(root.putArray("shutdowns"), report.shutdowns());
        strings(root.putArray("errors"), report.errors());
        report.soak().ifPresent(soak -> soak(root.putObject("soak"), soak));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void facts(ObjectNode root, RunFacts facts) {
        root.put("contract_version", facts.contract());
        root.put("neurontp_version", facts.product());
        root.put("commit", facts.commit());
        root.put("worker_version", facts.workerVersion());
        root.put("host", facts.host());
        root.put("kernel", facts.kernel());
        root.put("cpus", facts.cpus());
        root.put("launched", facts.launched());
        ObjectNode environment = root.putObject("environment");
        facts.environment().forEach(environment::put);
    }

    private static void options(ObjectNode root, RunOptions options) {
        root.put("suite", options.suite());
        strings(root.putArray("command"), Secrets.masked(options.command()));
        root.put("seed", options.seed());
        root.put("tries", options.tries());
        root.put("timeout_ms", options.timeout().toMillis());
        root.put("strict", options.strict());
        strings(root.putArray("only"), options.only());
        strings(root.putArray("skip"), options.skip());
    }

    private static void rules(ArrayNode array, RunReport report) {
        for (RuleReport rule : report.rules()) {
            ObjectNode node = array.addObject();
            node.put("id", rule.rule().id());
            node.put("level", rule.rule().level().name());
            node.put("title", rule.rule().title());
            node.put("verdict", rule.verdict().name().toLowerCase(Locale.ROOT));
            node.put("reason", rule.reason());
            node.put("cases", rule.cases());
            node.put("processes", rule.starts());
            node.put("workers_cpu_ms", rule.workersCpu().toMillis());
            ArrayNode checks = node.putArray("checks");
            for (CheckResult check : rule.checks()) {
                ObjectNode one = checks.addObject();
                one.put("id", check.id());
                one.put("outcome", check.outcome().name().toLowerCase(Locale.ROOT));
                one.put("reason", check.reason());
                one.put("cases", check.cases());
                one.put("processes", check.starts());
                one.put("workers_cpu_ms", check.workersCpu().toMillis());
                one.put("started_at", check.startedAt().toString());
                one.put("took_ms", check.millis());
            }
        }
    }

    private static void failures(ArrayNode array, List<Finding> findings) {
        for (Finding finding : findings) {
            Failure failure = finding.failure();
            ObjectNode node = array.addObject();
            node.put("rule", failure.rule());
            node.put("check", failure.check());
            node.put("counts_as", finding.counts().name().toLowerCase(Locale.ROOT));
            node.put("type", failure.type());
            node.put("message", failure.message());
            node.put("lines", failure.lineClass());
            node.put("random", failure.random());
            strings(node.putArray("examples"), failure.examples());
            node.put("sent", failure.sent());
            node.put("expected", failure.expected());
            node.put("got", failure.got());
            node.put("cause", failure.cause());
            node.put("at_ms", failure.atMillis());
            node.put("process", failure.ending());
            node.put("shrunk", failure.shrunk());
            node.put("times", failure.times());
            strings(node.putArray("also"), failure.also());
            node.put("again", failure.rerun());
            strings(node.putArray("stderr"), failure.stderr());
            strings(node.putArray("transcript"), failure.transcript());
        }
    }

    private static void soak(ObjectNode node, SoakReport soak) {
        node.put("took_ms", soak.took().toMillis());
        node.put("requests", soak.requests());
        strings(node.putArray("failures"), soak.findings());
        strings(node.putArray("notes"), soak.notes());
        ArrayNode samples = node.putArray("samples");
        for (Sample sample : soak.samples()) {
            samples.addObject()
                    .put("at_ms", sample.atMillis())
                    .put("requests", sample.requests())
                    .put("resident_bytes", sample.usage().residentBytes())
                    .put("descriptors", sample.usage().descriptors())
                    .put("threads", sample.usage().threads());
        }
    }

    private static void strings(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
