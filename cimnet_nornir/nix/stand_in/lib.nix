# Stand-ins for what modules use of nixpkgs' lib, where there is no nixpkgs: enough of the module system to evaluate
# what cimnet generates. Options that a module declares are held to their types; all others are taken as they come.
let
  inherit (builtins) all any attrNames concatLists concatMap concatStringsSep elem filter foldl' head isAttrs isBool
    isFunction isInt isList isPath isString listToAttrs match replaceStrings typeOf;

  unique = foldl' (found: name: if elem name found then found else found ++ [ name ]) [ ];
  least = foldl' (a: b: if b < a then b else a) 1500; # that of mkOptionDefault
  where = path: "the option `${concatStringsSep "." path}'";

  # --- definitions: mkIf, mkMerge, mkOverride -------------------------------------------------------------------------

  isKind = kind: value: isAttrs value && (value._type or null) == kind;

  # What a definition comes to: a list of values with their priorities (the least wins; 100 is the usual one).
  discharge = priority: value:
    if isKind "if" value then if value.condition then discharge priority value.content else [ ]
    else if isKind "merge" value then concatMap (discharge priority) value.contents
    else if isKind "override" value then discharge value.priority value.content
    else if isKind "order" value then discharge priority value.content
    else [ { inherit priority value; } ];

  strongest = values:
    let found = concatMap (discharge 100) values;
    in map (each: each.value) (filter (each: each.priority == least (map (other: other.priority) found)) found);

  # At the root a condition is pushed into the set, since it may ask for what the set defines.
  rootDefinitions = value:
    if isKind "if" value then map (set: lib.mapAttrs (_: lib.mkIf value.condition) set) (rootDefinitions value.content)
    else if isKind "merge" value then concatMap rootDefinitions value.contents
    else [ value ];

  # --- merging --------------------------------------------------------------------------------------------------------

  mergeAny = path: values:
    if all isAttrs values && !(any (value: value ? type && value.type == "derivation") values) then
      mergeSets path { } values
    else if all isList values then concatLists values
    else mergeEqual path values;

  mergeEqual = path: values:
    if all (value: value == head values) values then head values
    else throw "${where path} is defined more than once, with different values";

  mergeSets = path: options: sets:
    let
      names = unique (attrNames options ++ concatMap attrNames sets);
      one = name: rec {
        at = path ++ [ name ];
        values = map (set: set.${name}) (filter (set: set ? ${name}) sets);
        option = options.${name} or null;
        isOption = isKind "option" option;
        # What is at the root is always there: a condition may ask for another option before it says yes or no.
        present = path == [ ] || option != null || strongest values != [ ];
        value =
          if isOption then mergeOption at option (strongest values)
          else if option != null then mergeSets at option (strongest values)
          else mergeAny at (strongest values);
      };
      found = map (name: { inherit name; value = one name; }) names;
    in
    listToAttrs (map (each: { inherit (each) name; inherit (each.value) value; }) (filter (each: each.value.present) found));

  mergeOption = path: option: values:
    if values == [ ] then
      option.default or (throw "${where path} is used but not defined")
    else mergeTyped path option.type values;

  mergeTyped = path: type: values:
    let wrong = filter (value: !(type.check value)) values;
    in
    if wrong != [ ] then
      throw "${where path} is to be ${type.description}, and is of the type ${typeOf (head wrong)}"
    else type.merge path values;

  # --- modules --------------------------------------------------------------------------------------------------------

  evalModules = { modules, specialArgs ? { } }:
    let
      arguments = { inherit config lib options; } // specialArgs;
      load = module:
        let loaded = if isPath module || isString module then import module else module;
        in if isFunction loaded then loaded arguments else loaded;
      collect = module:
        let loaded = load module;
        in [ loaded ] ++ concatMap collect (loaded.imports or [ ]);
      everything = concatMap collect modules;
      structured = module: module ? config || module ? options;
      configOf = module: if structured module then module.config or { } else removeAttrs module [ "imports" "_file" ];
      options = foldl' mergeDeclarations { } (map (module: module.options or { }) everything);
      config = mergeSets [ ] options (concatMap (module: rootDefinitions (configOf module)) everything);
    in
    { inherit config options; };

  mergeDeclarations = a: b:
    a // lib.mapAttrs (name: value:
      if !(a ? ${name}) then value
      else if isKind "option" value || isKind "option" a.${name} then throw "the option `${name}' is declared twice"
      else mergeDeclarations a.${name} value) b;

  # --- types ----------------------------------------------------------------------------------------------------------

  simple = description: check: { inherit description check; merge = mergeEqual; };

  types = rec {
    bool = simple "true or false" isBool;
    int = simple "a number" isInt;
    ints.unsigned = simple "a number from 0 on" (value: isInt value && value >= 0);
    str = simple "a text" isString;
    path = simple "an absolute path" (value: isPath value || (isString value && match "/.*" value != null));
    package = simple "a package" (value: isAttrs value && (value.type or null) == "derivation");
    port = simple "a port from 0 to 65535" (value: isInt value && value >= 0 && value <= 65535);
    anything = { description = "anything"; check = _: true; merge = mergeAny; };
    lines = str // { merge = _: concatStringsSep "\n"; };
    enum = allowed: simple "one of ${builtins.toJSON allowed}" (value: elem value allowed);
    strMatching = pattern: simple "a text that matches ${pattern}" (value: isString value && match pattern value != null);
    nullOr = inner: {
      description = "null or ${inner.description}";
      check = value: value == null || inner.check value;
      merge = path: values: if all (value: value == null) values then null else mergeTyped path inner values;
    };
    listOf = inner: {
      description = "a list of ${inner.description}";
      check = isList;
      merge = path: values: map (value: mergeTyped path inner [ value ]) (concatLists values);
    };
    attrsOf = inner: {
      description = "a set of ${inner.description}";
      check = isAttrs;
      merge = path: sets:
        let
          valuesOf = name: strongest (map (set: set.${name}) (filter (set: set ? ${name}) sets));
          names = filter (name: valuesOf name != [ ]) (unique (concatMap attrNames sets));
        in
        lib.genAttrs names (name: mergeTyped (path ++ [ name ]) inner (valuesOf name));
    };
    submodule = module: {
      description = "a set of options";
      check = isAttrs;
      merge = path: values:
        let
          options = module.options;
          unknown = filter (name: !(options ? ${name})) (concatMap attrNames values);
        in
        if unknown != [ ] then throw "${where (path ++ [ (head unknown) ])} does not exist"
        else mergeSets path options values;
    };
  };

  lib = {
    inherit evalModules types;
    mkOption = option: option // { _type = "option"; };
    mkEnableOption = what: lib.mkOption { type = types.bool; default = false; description = "Whether to enable ${what}."; };
    literalExpression = text: { _type = "literalExpression"; inherit text; };
    mkIf = condition: content: { _type = "if"; inherit condition content; };
    mkMerge = contents: { _type = "merge"; inherit contents; };
    mkOverride = priority: content: { _type = "override"; inherit priority content; };
    mkDefault = lib.mkOverride 1000;
    mkForce = lib.mkOverride 50;
    mkOrder = _: content: { _type = "order"; inherit content; };
    mkBefore = lib.mkOrder 500;
    mkAfter = lib.mkOrder 1500;

    inherit (builtins) attrNames attrValues concatStringsSep elem filter head length listToAttrs map mapAttrs toJSON;
    concatMapStringsSep = separator: make: list: concatStringsSep separator (map make list);
    escapeShellArg = value:
      let text = toString value;
      in
      if match "[[:alnum:],._+:@%/-]+" text != null then text
      else "'${replaceStrings [ "'" ] [ "'\\''" ] text}'";
    escapeShellArgs = lib.concatMapStringsSep " " lib.escapeShellArg;
    filterAttrs = wanted: set: removeAttrs set (filter (name: !(wanted name set.${name})) (attrNames set));
    genAttrs = names: make: listToAttrs (map (name: { inherit name; value = make name; }) names);
    getExe = package: "${package}/bin/${package.meta.mainProgram or package.name}";
    getExe' = package: name: "${package}/bin/${name}";
    mapAttrs' = make: set: listToAttrs (map (name: make name set.${name}) (attrNames set));
    nameValuePair = name: value: { inherit name value; };
    optional = condition: value: if condition then [ value ] else [ ];
    optionalAttrs = condition: set: if condition then set else { };
    optionals = condition: list: if condition then list else [ ];
    optionalString = condition: text: if condition then text else "";
  };
in
lib
