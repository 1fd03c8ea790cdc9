# What the program needs and nixpkgs does not have, or has in another version: an override for the packages of a Python,
# used for this program only. The wheels are those of PyPI, with the hashes that PyPI publishes.
{ fetchurl }:
final: prev:
let
  wheel = { pname, version, url, hash, dependencies ? [ ], relax ? [ ] }: final.buildPythonPackage {
    inherit pname version dependencies;
    format = "wheel";
    src = fetchurl { inherit hash; url = "https://files.pythonhosted.org/packages/${url}"; };
    pythonRelaxDeps = relax;
    pythonImportsCheck = [ (builtins.replaceStrings [ "-" ] [ "_" ] pname) ];
    doCheck = false;
  };
in
{
  # 5.x cannot talk to devices that offer only dh-group14-sha1; nixpkgs has that one.
  paramiko = wheel {
    pname = "paramiko";
    version = "4.0.0";
    url = "a9/90/a744336f5af32c433bd09af7854599682a383b37cfd78f7de263de6ad6cb/paramiko-4.0.0-py3-none-any.whl";
    hash = "sha256-DiDgCsZmUDvwtO2jttgzRlorev8uKz15qLul7xRO47k=";
    dependencies = [ final.bcrypt final.cryptography final.invoke final.pynacl ];
  };

  # ciscoconfparse asks for this version exactly; nixpkgs has 3.x.
  hier-config = wheel {
    pname = "hier-config";
    version = "2.2.3";
    url = "c7/83/a22b6e7ae12f170c147c999932bb0ee1d257d3d48a27dbf2b6cb7b8e12d9/hier_config-2.2.3-py3-none-any.whl";
    hash = "sha256-mtuGAnivzzgTpJt1iGZJyaIffMDIn51yD0fOjtzwIco=";
    dependencies = [ final.pyyaml ];
  };

  ciscoconfparse = wheel {
    pname = "ciscoconfparse";
    version = "1.9.52";
    url = "c1/56/a2621f991d9fa6e28402b22a1a5f0e5ee4b60b705956e0f69d447d6bce2f/ciscoconfparse-1.9.52-py3-none-any.whl";
    hash = "sha256-ZAeX97koikvO8OACkHeXo0Iz/AGGwwgTQ2klAL3aVVk=";
    dependencies = [ final.deprecated final.dnspython final.hier-config final.loguru final.passlib final.toml ];
    # It asks for 0.7.2 exactly.
    relax = [ "loguru" ];
  };

  nornir-netmiko = wheel {
    pname = "nornir-netmiko";
    version = "1.0.1";
    url = "13/16/63764c64087f14b2cd66f205da8570dfc13887ec43aa668de0c55a3ff92b/nornir_netmiko-1.0.1-py3-none-any.whl";
    hash = "sha256-6u4pRK04a0DAcZ6Kw5OsY9Ux9E+5oH1mC6595DDxKDQ=";
    dependencies = [ final.netmiko final.nornir ];
  };

  nornir-napalm = wheel {
    pname = "nornir-napalm";
    version = "0.6.0";
    url = "96/a6/2aee8347b02b42d06afdd09a89f76a391f17889cb0302539cc9eb45b3896/nornir_napalm-0.6.0-py3-none-any.whl";
    hash = "sha256-QgLu2W0mlWXLPaloO6MmwL51GYWuvguP06M86bc4kHQ=";
    dependencies = [ final.napalm final.nornir ];
  };
}
