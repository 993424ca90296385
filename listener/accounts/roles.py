"""The roles of staff and what they are called."""

ROLES = {
    "officer": "Cán bộ đơn vị",
    "dispatcher": "Điều phối",
    "press": "Cán bộ báo chí",
    "leader": "Lãnh đạo",
    "analyst": "Phân tích dữ liệu",
    "admin": "Quản trị",
    "handler": "Phụ trách phòng riêng",
}
