package dev.neurontp.harness.validate;

import dev.neurontp.harness.text.Secrets;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** {@code junit.xml}: a test case for each case, as CI systems read it. */
public final class JunitReport {
    private static final double MILLIS = 1e3;

    private JunitReport() {}

    public static String of(ValidationReport report) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            suite(xml, report);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    private static void suite(XMLStreamWriter xml, ValidationReport report) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        // The name keeps runs without hardware apart in every system that shows it.
        attribute(xml, "name", name(report));
        attribute(xml, "timestamp", report.startedAt().toString().replaceAll("\\..*|Z", ""));
        boolean complete = report.isComplete();
        attribute(xml, "tests", String.valueOf(report.results().size() + (complete ? 0 : 1)));
        attribute(xml, "failures", String.valueOf(report.count(Status.FAIL)));
        attribute(xml, "errors", complete ? "0" : "1");
        attribute(xml, "skipped", String.valueOf(report.count(Status.SKIPPED) + report.count(Status.MEASURED)));
        attribute(xml, "time", seconds(report.took().toMillis() / MILLIS));
        xml.writeStartElement("properties");
        for (Map.Entry<String, String> one : properties(report).entrySet()) {
            xml.writeEmptyElement("property");
            attribute(xml, "name", one.getKey());
            attribute(xml, "value", one.getValue());
        }
        xml.writeEndElement();
        for (CaseResult result : report.results()) {
            testcase(xml, result, report);
        }
        if (!complete) {
            incomplete(xml, report);
        }
        xml.writeEndElement();
    }

    /** All of its cases may have passed, and that is not the whole. */
    private static void incomplete(XMLStreamWriter xml, ValidationReport report) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute(xml, "classname", name(report));
        attribute(xml, "name", "the run");
        attribute(xml, "time", seconds(0));
        xml.writeEmptyElement("error");
        attribute(xml, "type", "incomplete");
        attribute(xml, "message", report.verdict());
        xml.writeEndElement();
    }

    private static String name(ValidationReport report) {
        return "validate." + report.hardware().prefix() + report.communicator();
    }

    private static Map<String, String> properties(ValidationReport report) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("verdict", report.verdict());
        Suspect.of(report).ifPresent(words -> properties.put("suspect", words));
        properties.put("command", String.join(" ", Secrets.masked(report.command())));
        properties.put("hardware", String.valueOf(!report.simulated()));
        properties.put("machine_class", MachineClass.of(report.ranks()).words());
        properties.put("seed", String.valueOf(report.plan().seed()));
        report.ranks().forEach(rank -> properties.put("rank_" + rank.rank(), rank.words()));
        return properties;
    }

    private static void testcase(XMLStreamWriter xml, CaseResult result, ValidationReport report)
            throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute(xml, "classname", name(report) + "." + result.of().phase().label());
        attribute(xml, "name", result.of().id());
        attribute(xml, "time", seconds(result.seconds().orElse(0)));
        String text = String.join("\n", result.evidence());
        switch (result.status()) {
            case FAIL -> {
                xml.writeStartElement("failure");
                attribute(xml, "type", result.reason());
                attribute(
                        xml,
                        "message",
                        result.reason()
                                + result.evidence().stream()
                                        .findFirst()
                                        .map(line -> ": " + line)
                                        .orElse(""));
                xml.writeCharacters(Xml.characters(text));
                xml.writeEndElement();
            }
            case SKIPPED, MEASURED -> {
                xml.writeEmptyElement("skipped");
                attribute(xml, "message", result.reason());
            }
            case PASS, WARN -> output(xml, List.of(report.hardware().label(result.status()), result.reason(), text));
        }
        xml.writeEndElement();
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Xml.characters(value));
    }

    private static void output(XMLStreamWriter xml, List<String> lines) throws XMLStreamException {
        xml.writeStartElement("system-out");
        xml.writeCharacters(Xml.characters(String.join("\n", lines).strip()));
        xml.writeEndElement();
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.6f", seconds);
    }
}
