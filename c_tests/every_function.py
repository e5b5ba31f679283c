#!/usr/bin/env python3
"""Writes what every_function.c must know of each function of the specification: its parameters, and a call with them.

    every_function.py crypto-api-1.5-identifiers.csv > every_function.h
"""
import csv
import sys

# A buffer is two parameters; the second is named by one of these endings.
LENGTHS = ("_length", "_len", "_size")


def kind(parameters, index):
    """What an argument at this place must be like."""
    declared, name = parameters[index]
    before = parameters[index - 1][0] if index else ""
    if declared == "const uint8_t *":
        return "INPUT"
    if declared == "uint8_t *":
        return "OUTPUT"
    if declared == "size_t" and before.endswith("uint8_t *"):
        assert name.endswith(LENGTHS), name
        return "SIZE"
    if declared == "size_t *":
        return "LENGTH"
    if declared == "psa_key_id_t *":
        return "NEW_KEY"
    if declared == "psa_key_id_t":
        return "KEY"
    if declared.endswith("_operation_t *"):
        return "OPERATION"
    if declared.endswith("*"):
        return "STRUCTURE"
    return "NUMBER"


def split(text):
    """`const uint8_t * data, size_t length` as pairs of type and name."""
    if text == "void":
        return []
    pairs = (parameter.strip().rpartition(" ") for parameter in text.split(","))
    return [(declared.replace("t*", "t *"), name) for declared, _, name in pairs]


def main(path):
    with open(path, newline="") as file:
        functions = [row[1:4] for row in csv.reader(file) if row[0] == "function" and row[2] != "void"]
    rows, accessors = [], []
    for name, text, result in functions:
        parameters = split(text)
        arguments = ", ".join(
            f"a[{i}].pointer" if declared.endswith("*") else f"({declared})a[{i}].number"
            for i, (declared, _) in enumerate(parameters)
        )
        if result == "psa_status_t":
            kinds = ", ".join(kind(parameters, i) for i in range(len(parameters)))
            print(f"static void good_{name}(struct argument *a);")
            print(f"static psa_status_t call_{name}(const struct argument *a)\n{{\n    return {name}({arguments});\n}}\n")
            rows.append(f'    {{"{name}", good_{name}, call_{name}, {len(parameters)}, {{{kinds}}}}},')
        else:
            print(f"static void call_{name}(const struct argument *a)\n{{\n    (void){name}({arguments});\n}}\n")
            accessors.append(f"    call_{name},")
    print("static const struct function functions[] = {", *rows, "};\n", sep="\n")
    print("static void (*const accessors[])(const struct argument *) = {", *accessors, "};", sep="\n")


main(sys.argv[1])
