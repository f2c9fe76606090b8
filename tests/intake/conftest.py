"""A small data set in memory that is right throughout, to be broken in one place by each test."""

from collections.abc import Sequence

import pytest

VIN = "LTESTHYDR0GEN0001"
_TRIAL = """\
[trial]
format = 1
id = "small"
title_zh = "小"
title_en = "Small"
corridor = "test"
period_start = "2026-03-02T00:00:00+08:00"
period_end = "2026-03-03T00:00:00+08:00"
timezone = "Asia/Shanghai"

[operator]
party_id = "P1"
"""
_FILES = {
    "trial.toml": _TRIAL,
    "parties.csv": "party_id,name_zh,name_en,role,country\nP1,甲,A,carrier,CN\n",
    "sites.csv": "site_id,name_zh,name_en,kind,operator_id,lat,lon,grid_region\n"
    "S1,港,Port,port,P1,29.60000,106.32000,Chongqing\nS2,站,Station,station,P1,28.5,106.7,Chongqing\n",
    "meters.csv": "meter_id,site_id,accuracy_class,certificate_id,certificate_valid_until\n"
    "M1,S2,1.5,MC1,2026-05-25T00:00:00+08:00\n",
    "vehicles.csv": "vin,plate,carrier_id,model,protocol,terminal_id,gross_combination_mass_t,payload_max_t,"
    "tank_volume_l,stack_count,cells_per_stack,battery_capacity_kwh,comparable_diesel_l_per_100km,comparable_diesel_source,"
    f"comparable_diesel_date\n{VIN},A1,P1,X,2016,,49.0,30.8,3080,1,560,100.0,38.2,book,2025-06-15\n",
    "tank_opening.csv": f"vin,at,mass_kg,batch_id\n{VIN},2026-03-02T07:00:00+08:00,52.47,B1\n",
    "hydrogen_batches.csv": "batch_id,producer_id,site_id,pathway,feedstock,produced_from,produced_to,mass_kg,"
    "intensity_kgco2e_per_kg,intensity_method,allocation,custody,certificate_id,certificate_valid_until\n"
    "B1,P1,S1,smr,gas,2026-02-28T08:00:00+08:00,2026-03-01T08:00:00+08:00,205.6,2.186,ISO,mass,segregated,C1,"
    "2026-08-08T00:00:00+08:00\n",
    "hydrogen_deliveries.csv": "delivery_id,batch_id,station_id,delivered_at,mass_kg,trailer_distance_km,"
    "trailer_diesel_l,trailer_compression_kwh\nD1,B1,S2,2026-03-01T17:00:00+08:00,117.6,336.0,101.6,204.8\n",
    "station_energy.csv": "station_id,day,electricity_kwh,grid_region\nS2,2026-03-02,217.7,Chongqing\n",
    "station_stock.csv": "station_id,day,opening_kg,closing_kg,vented_kg\nS2,2026-03-02,117.60,61.64,0.54\n",
    "refuellings.csv": "refuelling_id,station_id,meter_id,vin,started_at,ended_at,mass_kg,meter_start_kg,meter_end_kg,"
    f"pressure_start_mpa,pressure_end_mpa\nR1,S2,M1,{VIN},2026-03-02T09:00:00+08:00,2026-03-02T09:10:00+08:00,32.83,"
    "100.00,132.83,15.9,35.8\n",
    "consignments.csv": "consignment_id,document_no,shipper_id,consignee_id,goods,hs_code,mass_kg,origin_site,"
    "destination_site,container_no,container_tare_kg,seal_no,declaration_no\n"
    "C1,DOC1,P1,P1,bolts,731815,10400,S1,S2,LHXU1590017,2250,,\n",
    "legs.csv": "leg_id,consignment_id,sequence,mode,vin,origin_site,destination_site,departed_at,arrived_at,"
    "transport_distance_km,distance_kind,intensity_wtw_kgco2e_per_tkm,intensity_ttw_kgco2e_per_tkm\n"
    f"L1,C1,1,road,{VIN},S1,S2,2026-03-02T07:00:00+08:00,2026-03-02T11:00:00+08:00,253.5,sfd,,\n"
    "L2,C1,2,sea,,S2,S1,2026-03-03T07:00:00+08:00,2026-03-09T11:00:00+08:00,2450.0,sfd,0.0081,0.0069\n",
    "hub_operations.csv": "site_id,day,throughput_t,electricity_kwh,diesel_l\nS1,2026-03-02,5638.6,8409.0,424.3\n",
    "seals.csv": "seal_no,container_no,event,site_id,at,by_party\n"
    "X1,LHXU1590017,applied,S1,2026-03-02T06:00:00+08:00,P1\n",
}


class MemoryDataset:
    """The data set as a dictionary of bytes."""

    def __init__(self) -> None:
        self.files = {path: text.encode() for path, text in _FILES.items()}

    def list_paths(self) -> Sequence[str]:
        return sorted(self.files)

    def read_bytes(self, path: str) -> bytes | None:
        return self.files.get(path)

    def change(self, path: str, old: str, new: str) -> "MemoryDataset":
        """Replace the first `old` in a file."""
        before = self.files[path].decode()
        assert old in before, f"{old} is not in {path}"
        self.files[path] = before.replace(old, new, 1).encode()
        return self

    def add_row(self, path: str, row: str) -> "MemoryDataset":
        """Append a row to a table."""
        self.files[path] += f"{row}\n".encode()
        return self


@pytest.fixture
def small() -> MemoryDataset:
    return MemoryDataset()


@pytest.fixture
def vin() -> str:
    return VIN
