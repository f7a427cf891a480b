package org.isofleet.coordinator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The served description of the API, as a test reads it. */
final class DocumentedApi {
    /** A path and method of it. */
    record Operation(String method, String path, JsonNode node) {
        String name() {
            return method + " " + path;
        }
    }

    private final JsonNode document;

    DocumentedApi(String yaml) throws IOException {
        document = new YAMLMapper().readTree(yaml);
    }

    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                operations.add(
                        new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()));
            }
        }
        return operations;
    }

    /** What of a value is not as a schema has it; empty when all of it is. */
    List<String> faults(JsonNode schema, JsonNode value, String where) {
        JsonNode known = resolved(schema);
        List<String> faults = new ArrayList<>();
        if (known.has("allOf")) {
            JsonNode merged = merged(known);
            return faults(merged, value, where);
        }
        String type = known.path("type").asText();
        boolean right = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "number" -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!right) {
            faults.add(where + " is no " + type + " but " + value);
        }
        if (known.has("enum")) {
            List<String> words = new ArrayList<>();
            known.path("enum").forEach(word -> words.add(word.asText()));
            if (!words.contains(value.asText())) {
                faults.add(where + " is '" + value.asText() + "', none of " + words);
            }
        }
        known.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                faults.add(where + " lacks " + name.asText());
            }
        });
        if (known.has("properties")) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                JsonNode property = known.path("properties").path(field.getKey());
                if (property.isMissingNode()) {
                    faults.add(where + "." + field.getKey() + " is not documented");
                } else {
                    faults.addAll(faults(property, field.getValue(), where + "." + field.getKey()));
                }
            }
        } else if (known.has("additionalProperties")) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                faults.addAll(
                        faults(known.path("additionalProperties"), field.getValue(), where + "." + field.getKey()));
            }
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                faults.addAll(faults(known.path("items"), value.get(i), where + "[" + i + "]"));
            }
        }
        return List.copyOf(new TreeSet<>(faults));
    }

    JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? resolved(document.at(node.path("$ref").asText().substring(1)))
                : node;
    }

    private JsonNode merged(JsonNode schema) {
        var object = new YAMLMapper().createObjectNode().put("type", "object");
        var required = object.putArray("required");
        var properties = object.putObject("properties");
        schema.path("allOf").forEach(part -> {
            JsonNode known = resolved(part);
            JsonNode whole = known.has("allOf") ? merged(known) : known;
            whole.path("required").forEach(required::add);
            whole.path("properties").properties().forEach(p -> properties.set(p.getKey(), p.getValue()));
        });
        return object;
    }
}
