package dev.neurontp.ops.doctor;

import dev.neurontp.harness.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A diagnosis as one JSON object. */
final class DoctorJson {
    private static final int SCHEMA = 1;

    private DoctorJson() {}

    static String of(Doctor.Diagnosis diagnosis) {
        Explanations explanations = Explanations.load();
        List<Map<String, String>> rows = new ArrayList<>();
        for (Result result : diagnosis.results()) {
            Map<String, String> row = new LinkedHashMap<>();
            row.put("id", result.row().name());
            row.put("title", result.row().title());
            row.put("level", result.finding().level().name().toLowerCase(Locale.ROOT));
            row.put("seen", result.finding().seen());
            row.put("wanted", result.finding().wanted());
            row.put("remedy", result.finding().remedy());
            row.put("source", explanations.source(result.row()));
            rows.add(row);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("schema", SCHEMA);
        all.put("simulated", diagnosis.simulated());
        all.put("rows", rows);
        return Json.text(all);
    }
}
